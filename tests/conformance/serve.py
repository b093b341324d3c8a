"""The server as it is wired and mounted, on a free port, with the suite's fixtures when asked for them."""

import importlib
import sys
import warnings
from pathlib import Path
from typing import Any

from pyairtable_app.roles import MCP
from pyairtable_app.serving import serve
from pyairtable_app.settings import Settings
from pyairtable_app.wiring import Wiring

sys.path.insert(0, str(Path(__file__).parent))


def main() -> None:
    """Serve: `serve.py DATA_DIR [fixtures]`."""
    if "fixtures" in sys.argv[2:]:
        _add_fixtures()
    # The suite wants log messages, which the protocol has given up.
    warnings.simplefilter("ignore")
    serve(Settings.from_env({"DATA_DIR": sys.argv[1]}), (MCP,), "127.0.0.1", 0)


def _add_fixtures() -> None:
    """From now on, the server that the wiring makes has them too."""
    made: Any = Wiring._mcp  # noqa: SLF001 - the one place where a server is made

    def with_fixtures(wiring: Wiring, **given: Any) -> Any:
        server = made(wiring, **given)
        for name in ("fixtures", "lowlevel"):
            importlib.import_module(name).publish(server)
        return server

    setattr(Wiring, "_mcp", with_fixtures)  # noqa: B010 - a method is replaced, which types do not allow


if __name__ == "__main__":
    main()
