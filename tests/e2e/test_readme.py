"""The README's session is what a client really sees."""

import json
import re
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.asyncio(loop_scope="session")
async def test_the_session_in_the_readme_is_a_real_one(client):
    text = README.read_text(encoding="utf-8")
    session = text.split("<!-- transcript -->")[1].split("```")[1].removeprefix("text\n")
    exchanges = re.split(r"^> ", session, flags=re.MULTILINE)[1:]

    assert len(exchanges) >= 5
    for exchange in exchanges:
        call, shown = exchange.split("\n", 1)
        tool, arguments = call.split(" ", 1)
        result = await client.call_tool(tool, json.loads(arguments))
        seen = re.sub(r"^cursor: .*$", "cursor: ...", result.content[0].text, flags=re.MULTILINE)
        assert seen == shown.rstrip("\n")
