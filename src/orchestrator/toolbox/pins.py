"""What tools were agreed to: a hash over all that a model is told of them."""

import hashlib
import json
from collections.abc import Sequence

from orchestrator.toolbox.port import Tool


def fingerprint(tools: Sequence[Tool]) -> str:
    """The same for the same names, descriptions and schemas, in any order."""
    told = sorted([tool.name, tool.description, tool.schema] for tool in tools)
    said = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
