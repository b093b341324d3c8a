"""`pyairtable-mcp twin gemini`: a scripted Gemini as a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script that answers anything."""
    path = tmp_path / "script.json"
    path.write_text(json.dumps({"conversations": [{"turns": [{"say": "Hello."}]}]}))
    return path


def test_it_says_where_it_serves_and_answers_from_the_script(script):
    arguments = [COMMAND, "twin", "gemini", "--script", str(script), "--port", "0", "--key", "right"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip().partition("GEMINI_ENDPOINT_URL=")[2]
        asked = {"contents": [{"parts": [{"text": "Hi"}]}]}
        path = f"{url}/v1/models/gemini-3.8-flash:generateContent"
        answers = [
            httpx2.post(path, json=asked, headers={"x-goog-api-key": key}) for key in ("right", "wrong")
        ]
        process.terminate()

    assert answers[0].json()["candidates"][0]["content"]["parts"] == [{"text": "Hello."}]
    assert answers[1].status_code == 400


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--script", "none.json"], "none.json"),
        (["--script", "SCRIPT", "--host", "0.0.0.0"], "--key"),
    ],
)
def test_what_cannot_be_served_is_told(script, arguments, words):
    given = [str(script) if one == "SCRIPT" else one for one in arguments]
    ended = subprocess.run(
        [COMMAND, "twin", "gemini", *given], capture_output=True, text=True, check=False, timeout=60
    )

    assert ended.returncode == 2
    assert words in ended.stderr
