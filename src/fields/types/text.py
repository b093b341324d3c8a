"""Types whose value is a text: lines, paragraphs, Markdown, addresses and numbers to call."""

from typing import Any

from fields.cell import Cell
from fields.field_type import Example, FieldType
from fields.plain import plain
from fields.wording import shown

LONGEST_TEXT = 100_000  # characters in a cell (docs: "Long text", limit of the cell)


def any_text(value: Any, cell: Cell) -> str:
    """The value if it is a text that a cell can hold."""
    if not isinstance(value, str):
        raise cell.refusal(
            "wrong_type",
            f"{cell.name} takes a text, not {shown(value)}. Send a JSON string, or pass typecast=true.",
            suggestion=_as_text(value),
        )
    if len(value) > LONGEST_TEXT:
        raise cell.refusal(
            "too_long",
            f"{cell.name} holds {LONGEST_TEXT:,} characters, and the text has {len(value):,}. Shorten it.",
        )
    return _sendable(value, cell)


def text_of_anything(value: Any, cell: Cell) -> str:
    """The value as text: numbers and booleans as JSON writes them, lists with commas. Refuses objects."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return plain(value)
        case list() if all(isinstance(member, str | int | float) for member in value):
            return any_text(", ".join(text_of_anything(member, cell) for member in value), cell)
    return any_text(value, cell)


def _one_line(value: Any, cell: Cell) -> str:
    return " ".join(text_of_anything(value, cell).splitlines())


def _sendable(text: str, cell: Cell) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        mended = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        raise cell.refusal(
            "bad_text",
            f"{cell.name} holds half a surrogate pair at character {error.start + 1}, which is no text. "
            "Remove it.",
            suggestion=mended,
        ) from None
    return text


def _as_text(value: Any) -> str | None:
    return plain(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


SINGLE_LINE_TEXT = FieldType(
    name="singleLineText",
    label="Single line text",
    doc="One line of text, such as a name or a title.",
    examples=(Example("Ada Lovelace", "Ada Lovelace"),),
    normalise=any_text,
    cast=_one_line,
    can_be_primary=True,
)

MULTILINE_TEXT = FieldType(
    name="multilineText",
    label="Long text",
    doc="Paragraphs of plain text, up to 100,000 characters; may hold mentions of people.",
    examples=(Example("First line\nSecond line", "First line\nSecond line"),),
    normalise=any_text,
    cast=text_of_anything,
    can_be_primary=True,
)

RICH_TEXT = FieldType(
    name="richText",
    label="Rich text",
    doc="Text with formatting, as Markdown. Airtable returns it with a line break at its end.",
    examples=(Example("**Bold** move", "**Bold** move"),),
    normalise=any_text,
    cast=text_of_anything,
)

EMAIL = FieldType(
    name="email",
    label="Email",
    doc="An e-mail address. Airtable takes any text.",
    examples=(Example("ada@example.com", "ada@example.com"),),
    normalise=any_text,
    cast=_one_line,
    can_be_primary=True,
)

URL = FieldType(
    name="url",
    label="URL",
    doc="A web address. Airtable takes any text.",
    examples=(Example("https://example.com/", "https://example.com/"),),
    normalise=any_text,
    cast=_one_line,
    can_be_primary=True,
)

PHONE_NUMBER = FieldType(
    name="phoneNumber",
    label="Phone number",
    doc="A telephone number. Airtable takes any text.",
    examples=(Example("+14155552671", "+14155552671"),),
    normalise=any_text,
    cast=_one_line,
    can_be_primary=True,
)
