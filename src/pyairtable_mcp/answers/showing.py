"""Text that anybody may have written, as a model or a person is shown it: on one line, with nothing hidden.

Records, names, choices and comments can hold what a terminal obeys, what ends a line, what turns the order of
letters round, and letters that only a machine reads. Each is shown by its code.
"""

import json

# Unicode's line ends, bidirectional controls (UAX #9), interlinear annotation, and the tags of plane 14.
_UNSEEN = (*range(0x2028, 0x202F), *range(0x2066, 0x206A), *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080))

HIDDEN = {code: f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}" for code in _UNSEEN}
"""What a reader does not see, by its code, with what is shown instead."""

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}

_ESCAPES = str.maketrans({**_CONTROLS, **HIDDEN, "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

IN_JSON = {code: json.dumps(chr(code))[1:-1] for code in (*range(127, 160), *_UNSEEN)}
"""For `str.translate` of JSON, which escapes the other controls itself: it stays the same JSON."""

QUOTED = str.maketrans({**_CONTROLS, **HIDDEN, "\t": "\\t", "\n": "\\n", "\r": "\\r"})
"""For `str.translate` of a name that is quoted: a backslash in it stays one, so that it can be given back."""

IN_PARAGRAPHS = str.maketrans(
    {code: shown for code, shown in {**_CONTROLS, **HIDDEN}.items() if code not in (9, 10)}
)
"""For `str.translate` of a text that may have lines and columns, and nothing else that is not seen."""


def on_one_line(text: str) -> str:
    """The text on one line, so that it can be told from what stands around it."""
    # Nearly all texts are printable, and then there is nothing to look for but a backslash.
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


def json_on_one_line(text: str) -> str:
    """JSON with nothing hidden; it stays the same JSON."""
    return text if text.isprintable() else text.translate(IN_JSON)
