"""Characters that no reader sees, shown by their codes, but for those that ordinary text is written with.

A model reads what a person does not: whole sentences can be written in tags, or in selectors of variants.
"""

import json
import re
from collections.abc import Callable

# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt, Unicode 17), which Python does not tell;
# but not the soft hyphen, which ordinary text has anywhere. Then line ends, and interlinear annotation.
_UNSEEN = (
    r"\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    r"\u2028\u2029\ufff9-\ufffb"
)

# The signs and the blocks that Unicode's emoji are taken from (emoji-data.txt), but for keycaps.
_EMOJI = (
    r"\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f"
    r"\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)

# Scripts whose letters are joined, or parted, by a sign: Arabic to those of India; Tibetan and Burmese;
# Khmer; Mongolian; Balinese and its kin; more of India and Java; forms of Arabic; the older ones of plane 1.
_JOINED = (
    r"\u0620-\u0dff\u0f00-\u109f\u1780-\u17b3\u17b6-\u17ff\u1820-\u18aa\u1b00-\u1bff\ua800-\ua9ff"
    r"\uaa60-\uaadf\uabc0-\uabff\ufb50-\ufdff\ufe70-\ufefc\U00011000-\U00011fff"
)
_MONGOLIAN = r"\u1820-\u18aa"

# A name may be written with one form of an ideograph, and not another (Ideographic Variation Database).
_IDEOGRAPHS = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_HIDDEN = re.compile(f"[{_UNSEEN}]")
_ORDINARY = re.compile(
    "|".join(
        [
            rf"[{_EMOJI}][\ufe0e\ufe0f]",
            r"[0-9#*]\ufe0f\u20e3",
            rf"[{_EMOJI}]\u200d(?=[{_EMOJI}])",
            rf"(?<=[{_EMOJI}])\ufe0f\u200d(?=[{_EMOJI}])",
            rf"[{_JOINED}][\u200c\u200d]",
            rf"[^{_UNSEEN}][\u200c\u200d](?=[{_JOINED}])",
            rf"[{_MONGOLIAN}][\u180b-\u180f]",
            rf"[{_IDEOGRAPHS}][\ufe00-\ufe02\U000e0100-\U000e01ef]",
        ]
    )
)
"""A sign that ordinary text is written with, and what it stands behind: a second sign has nothing there."""


def with_codes(text: str) -> str:
    """The text with a code, such as U+200B has in Python, for each character in it that is hidden."""
    return _replaced(text, _code)


def with_json_codes(text: str) -> str:
    """JSON with a code of JSON for each character in it that is hidden; it stays the same JSON."""
    return _replaced(text, _json_code)


def _replaced(text: str, code: Callable[[str], str]) -> str:
    if text.isascii() or _is_latin(text):
        return text

    def shown(found: re.Match[str]) -> str:
        is_ordinary = _ORDINARY.match(text, max(found.start() - 1, 0))
        return found[0] if is_ordinary else code(found[0])

    return _HIDDEN.sub(shown, text)


def _is_latin(text: str) -> bool:
    """Whether all is in Latin-1, where nothing is hidden; a pattern would take fifty times as long."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _code(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _json_code(character: str) -> str:
    return json.dumps(character)[1:-1]
