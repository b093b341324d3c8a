"""Text that anybody may have written, as a model or a person is shown it: on one line, with nothing hidden.

Records, names, choices and comments can hold what a terminal obeys, what ends a line, what turns the order of
letters round, and letters that only a machine reads. Each is shown by its code.
"""

import json

from pyairtable_mcp.answers.unseen import with_codes, with_json_codes

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
_IN_A_SENTENCE = str.maketrans({**_CONTROLS, "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ON_ONE_LINE = _IN_A_SENTENCE | {ord("\\"): "\\\\"}
_IN_PARAGRAPHS = {code: shown for code, shown in _CONTROLS.items() if chr(code) not in "\t\n"}
# JSON escapes the others itself.
_IN_JSON = {code: json.dumps(chr(code))[1:-1] for code in range(127, 160)}


def on_one_line(text: str) -> str:
    """The text on one line, so that it can be told from what stands around it."""
    # Nearly all texts are printable, and then there is no control to look for, but a backslash.
    if not text.isprintable() or "\\" in text:
        text = text.translate(_ON_ONE_LINE)
    return text if text.isascii() else with_codes(text)


def json_on_one_line(text: str) -> str:
    """JSON with nothing hidden; it stays the same JSON."""
    if not text.isprintable():
        text = text.translate(_IN_JSON)
    return text if text.isascii() else with_json_codes(text)


def in_a_sentence(text: str) -> str:
    """The text on one line; a backslash in it stays one, so that a name can be given back."""
    return with_codes(text.translate(_IN_A_SENTENCE))


def in_paragraphs(text: str) -> str:
    """The text in its own lines and columns, with nothing else in it that is not seen."""
    return with_codes(text.translate(_IN_PARAGRAPHS))
