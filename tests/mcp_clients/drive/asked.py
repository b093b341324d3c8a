"""What each driver is asked: over which way to come to the server, told in its environment."""

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

COMMAND = os.environ["SERVER_COMMAND"]
URL = os.environ["SERVER_URL"]
HEADERS = {"Authorization": f"Bearer {os.environ['SERVER_KEY']}"}
ENV = {"DATA_DIR": os.environ["DATA_DIR"], "PATH": os.environ["PATH"]}
IS_HTTP = sys.argv[1] == "http"


def tell(names: Sequence[str], answer: Any) -> None:
    """Say which tools were listed and what `list_bases` answered, on the last line of output."""
    print(json.dumps({"tools": sorted(names), "answer": str(answer)}))
