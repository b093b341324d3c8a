"""Words that fit the tools which a server offers: a sentence that names another one is left out.

Advice is written once, for a server that offers everything. A name in quotes is somebody's data and counts
for nothing.
"""

import re
from collections.abc import Collection

_END = re.compile(r"(?<=[.?!])(\s+)")
_QUOTED = re.compile(r""""[^"]*"|(?<!\w)'[^']*'""")
# Begun at the first letter of a word and never gone back in: somebody's word may be very long.
_NAME = re.compile(r"(?<![a-z])[a-z]++(?:_[a-z]++)++")


def names_hidden(text: str, hidden: Collection[str]) -> bool:
    """Whether the text names one of the tools in `hidden`."""
    return bool(hidden) and not set(_NAME.findall(_QUOTED.sub("", text))).isdisjoint(hidden)


def said(text: str, hidden: Collection[str]) -> str:
    """The sentences that name no tool in `hidden`; lines stay lines, and one that says nothing more goes."""
    if not names_hidden(text, hidden):
        return text
    lines = [(line, _sentences(line, hidden)) for line in text.split("\n")]
    return "\n".join(left for line, left in lines if left or not line)


def refused(text: str, hidden: Collection[str]) -> str:
    """The same of a refusal, whose first sentence says what failed and always stays."""
    if not names_hidden(text, hidden):
        return text
    first, *rest = _END.split(text, maxsplit=1)
    advice = said("".join(rest).lstrip(), hidden)
    return f"{first} {advice}" if advice else first


def _sentences(line: str, hidden: Collection[str]) -> str:
    parts = _END.split(line)
    kept = [
        sentence + gap
        for sentence, gap in zip(parts[::2], [*parts[1::2], ""], strict=True)
        if not names_hidden(sentence, hidden)
    ]
    return "".join(kept).rstrip()
