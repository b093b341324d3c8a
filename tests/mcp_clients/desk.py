"""Where a client is tried: the shell of a person without an account, on a machine without a network."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))
PROGRAMS = Path(__file__).parent / "javascript" / "node_modules" / ".bin"
KEY = "a-key-for-clients-to-show-0123456789"

# What a client would ask of the world is refused at once: no account, no news, no counting of its use.
ALONE = {
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1,localhost",
    "NO_BROWSER": "1",
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "MCP_USE_ANONYMIZED_TELEMETRY": "false",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a person works: an empty home, a folder of work, and the environment of a shell there."""

    work: Path
    env: dict[str, str]

    def run(self, *words: str, **env: str) -> str:
        """What the command says on either stream, whatever its status."""
        ended = subprocess.run(
            words,
            check=False,
            cwd=self.work,
            env={**self.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )
        return re.sub(r"\x1b\[[0-9;]*m", "", ended.stdout)

    def config(self, *words: str) -> str:
        """What `pyairtable-mcp config` prints: the entry, and below it what else there is to do."""
        command = [COMMAND, "config", *words]
        ended = subprocess.run(command, env=self.env, check=True, capture_output=True, text=True)
        return ended.stdout + ended.stderr


def environment(data_dir: Path) -> dict[str, str]:
    """What the server needs, on that data folder."""
    return {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), "AIRTABLE_RATE_LIMIT": "off"}
