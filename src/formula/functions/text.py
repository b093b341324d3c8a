"""Functions that make and take apart text."""

from formula.code_units import cut, length, position
from formula.coercion import flat, text_of
from formula.functions.function import Function, function
from formula.limits import Limits
from formula.numerals import number_in
from formula.scope import Batch
from formula.values import Failed, Value

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")
_WORDS = {"nan": float("nan"), "zero": 0.0}


def within(length: int, limits: Limits) -> None:
    """Fail if a text of that length may not be built."""
    if length > limits.result_characters:
        raise Failed(f"The text is longer than {limits.result_characters:,} characters.")


@function("CONCATENATE", "text", 'CONCATENATE("a", 1, "b") -> "a1b"')
def concatenate(batch: Batch, *texts: str) -> str:
    """The texts joined, as & joins them."""
    within(sum(map(len, texts)), batch.limits)
    return "".join(texts)


@function("ENCODE_URL_COMPONENT", "text", 'ENCODE_URL_COMPONENT("a b/c") -> "a%20b%2Fc"')
def encode_url_component(batch: Batch, text: str) -> str:
    """The text fit for a part of a URL; letters, digits and - _ . ~ stay as they are."""
    data = text.encode("utf-8", "replace")
    within(len(data), batch.limits)
    return "".join([chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in data])


@function("FIND", "text", 'FIND("b", "abcb", 3) -> 4')
def find(batch: Batch, needle: str, text: str, start: int = 0) -> int:
    """Where `needle` first stands in `text`, counted from 1; 0 if nowhere. Capitals count."""
    return position(needle, text, max(start - 1, 0), batch.switches.text_units) + 1


@function("SEARCH", "text", 'SEARCH("B", "abc") -> 2')
def search(batch: Batch, needle: str, text: str, start: int = 0) -> int | None:
    """Where `needle` first stands in `text`, counted from 1; blank if nowhere."""
    if batch.switches.search_case == "insensitive":
        needle, text = needle.lower(), text.lower()
    return position(needle, text, max(start - 1, 0), batch.switches.text_units) + 1 or None


@function("LEFT", "text", 'LEFT("quokka", 3) -> "quo"')
def left(batch: Batch, text: str, count: int = 1) -> str:
    """The first `count` characters of `text`."""
    return cut(text, 0, max(count, 0), batch.switches.text_units)


@function("RIGHT", "text", 'RIGHT("quokka", 3) -> "kka"')
def right(batch: Batch, text: str, count: int = 1) -> str:
    """The last `count` characters of `text`."""
    units = batch.switches.text_units
    end = length(text, units)
    return cut(text, max(end - max(count, 0), 0), end, units)


@function("MID", "text", 'MID("quokka", 3, 2) -> "ok"')
def mid(batch: Batch, text: str, start: int, count: int) -> str:
    """`count` characters of `text` from `start` on; the first character is 1."""
    begin = max(start - 1 if batch.switches.mid_start == "one" else start, 0)
    return cut(text, begin, begin + max(count, 0), batch.switches.text_units)


@function("LEN", "text", 'LEN("quokka") -> 6')
def len_(batch: Batch, text: str) -> int:
    """How many characters `text` has."""
    return length(text, batch.switches.text_units)


@function("LOWER", "text", 'LOWER("Quokka") -> "quokka"')
def lower(text: str) -> str:
    """The text in small letters."""
    return text.lower()


@function("UPPER", "text", 'UPPER("Quokka") -> "QUOKKA"')
def upper(text: str) -> str:
    """The text in capitals."""
    return text.upper()


@function("TRIM", "text", 'TRIM("  a  b ") -> "a  b"')
def trim(text: str) -> str:
    """The text without white space at either end."""
    return text.strip()


@function("REPLACE", "text", 'REPLACE("quokka", 2, 3, "-") -> "q-ka"')
def replace(batch: Batch, text: str, start: int, count: int, replacement: str) -> str:
    """The text with `count` characters from `start` on replaced; beyond the end it is appended.

    A negative count keeps as many characters before `start` a second time, as slices in JavaScript do.
    """
    units = batch.switches.text_units
    begin, end = max(start - 1, 0), length(text, units)
    within(2 * len(text) + len(replacement), batch.limits)
    kept = cut(text, max(begin + count, 0), max(end, begin), units)
    return cut(text, 0, begin, units) + replacement + kept


@function("REPT", "text", 'REPT("ab", 3) -> "ababab"')
def rept(batch: Batch, text: str, count: int) -> str:
    """The text `count` times over."""
    within(len(text) * max(count, 0), batch.limits)
    return text * count


@function("SUBSTITUTE", "text", 'SUBSTITUTE("a-b-c", "-", "+", 2) -> "a-b+c"')
def substitute(batch: Batch, text: str, old: str, new: str, index: int | None = None) -> str:
    """The text with every `old` replaced by `new`, or only the one numbered `index`, from 1."""
    if not old:
        return text
    if index is not None:
        return _substitute_one(batch, text, old, new, index)
    within(len(text) + text.count(old) * (len(new) - len(old)), batch.limits)
    return text.replace(old, new)


def _substitute_one(batch: Batch, text: str, old: str, new: str, index: int) -> str:
    if not 0 < index <= text.count(old):
        return text
    found = -len(old)
    for _ in range(index):
        found = text.find(old, found + len(old))
    within(len(text) + len(new), batch.limits)
    return text[:found] + new + text[found + len(old) :]


@function("T", "text", 'T("a") -> "a"', "T(1) -> blank")
def t(value: Value) -> str | None:
    """The value if it is text, or an array with text in it, else blank."""
    if isinstance(value, list) and any(isinstance(item, str) for item in flat(value)):
        return text_of(value)
    return value if isinstance(value, str) else None


@function("VALUE", "text", 'VALUE("$1,000.50") -> 1000.5')
def value(batch: Batch, text: str) -> float:
    """The number in a text; signs of currency, separators and words are left out. Blank is 0."""
    if not text.strip():
        return 0.0
    number = number_in(text)
    if number is not None:
        return number
    words = batch.switches.value_of_words
    if words == "error":
        raise Failed(f"There is no number in {text[:40]!r}.")
    return _WORDS[words]


TEXT_FUNCTIONS: tuple[Function, ...] = (
    concatenate,
    encode_url_component,
    find,
    search,
    left,
    right,
    mid,
    len_,
    lower,
    upper,
    trim,
    replace,
    rept,
    substitute,
    t,
    value,
)
