"""The arguments that prompts share, and how what was given stands in their text."""

import json
from typing import Annotated

from pydantic import Field

from pyairtable_mcp.answers.showing import in_paragraphs, json_on_one_line

Base = Annotated[str, Field(description="Name or id of the base")]
Table = Annotated[str, Field(description="Name or id of the table")]


def quoted(text: str) -> str:
    """The text in quotes, so that a name with blanks, quotes or line ends stays one name."""
    return json_on_one_line(json.dumps(text, ensure_ascii=False))


def shown(text: str) -> str:
    """The text in its own lines, with nothing in it that a reader does not see."""
    return in_paragraphs(text)
