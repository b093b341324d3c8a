"""The command line as a shell uses it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))


@pytest.mark.parametrize("command", [["formula", "functions"], ["fields", "check", "number", "1"]])
def test_a_reader_that_has_seen_enough_is_no_failure(command):
    nobody, output = os.pipe()
    os.close(nobody)
    with os.fdopen(output, "wb") as pipe:
        done = subprocess.run([COMMAND, *command], stdout=pipe, stderr=subprocess.PIPE, check=False)

    assert (done.returncode, done.stderr) == (141, b"")
