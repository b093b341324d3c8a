"""Judge the server by the conformance suite and the inspector: as it is, and with the suite's fixtures."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent
BIN = HERE / "node_modules" / ".bin"
REVISIONS = ("2025-11-25", "2026-07-28")


def main() -> None:
    """Run everything; the exit status is 1 when anything failed."""
    failed = [*_judge_as_it_is(), *_judge_with_fixtures()]
    print("\nconformance: " + (f"FAILED: {', '.join(failed)}" if failed else "all passed"))
    raise SystemExit(1 if failed else 0)


def _judge_as_it_is() -> Iterator[str]:
    """Every scenario that a server without fixtures can pass, and the portability of its tools."""
    with _served() as url:
        for revision in REVISIONS:
            baseline = HERE / f"baseline-{revision}.yml"
            if not _conforms(url, revision, "--expected-failures", str(baseline)):
                yield f"{revision} as it is"
        if not _is_portable(url):
            yield "inspector tools/list --strict"


def _judge_with_fixtures() -> Iterator[str]:
    """Every scenario of a revision, without a list of excuses."""
    with _served("fixtures") as url:
        for revision in REVISIONS:
            if not _conforms(url, revision):
                yield f"{revision} with fixtures"


@contextmanager
def _served(*arguments: str) -> Iterator[str]:
    """The address of the server, wired and mounted as ever, on a free port."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(HERE / "serve.py"), folder, *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            try:
                yield next(
                    found[1] for line in process.stdout if (found := re.search(r"(http://\S+/mcp)\b", line))
                )
            finally:
                process.terminate()
                process.wait(timeout=20)


def _conforms(url: str, revision: str, *options: str) -> bool:
    print(f"\n== {revision} {' '.join(options)}", flush=True)
    run = _node("conformance", "server", "--url", url, "--requirements", revision, *options)
    # The summary is what a person reads; all of it when something failed.
    print(run.stdout[run.stdout.find("=== SUMMARY") :] if run.returncode == 0 else run.stdout + run.stderr)
    return run.returncode == 0


def _is_portable(url: str) -> bool:
    print("\n== inspector tools/list --strict", flush=True)
    run = _node(
        *("mcp-inspector", "--cli", url, "--transport", "http", "--method", "tools/list"),
        *("--strict", "--format", "json"),
    )
    print(f"exit status {run.returncode} {run.stderr[-2000:]}")
    return run.returncode == 0


def _node(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of the suite with the Node that is installed beside it: it needs 22."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(
            [str(BIN / program), *arguments],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


if __name__ == "__main__":
    main()
