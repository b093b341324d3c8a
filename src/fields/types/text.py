"""Types whose value is a text: lines, paragraphs, Markdown, addresses and numbers to call."""

from typing import Any

from fields.cell import Cell
from fields.field_type import Example, FieldType
from fields.later import later
from fields.option_words import count, flag, text, texts
from fields.plain import plain
from fields.wording import shown

LONGEST_TEXT = 100_000  # characters in a cell (docs: "Long text", limit of the cell)


def any_text(value: Any, cell: Cell) -> str:
    """The value if it is a text that a cell can hold."""
    if not isinstance(value, str):
        raise cell.refusal(
            "wrong_type",
            f"{cell.name} takes a text, not {shown(value)}. {cell.or_cast('Send a JSON string')}",
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


def _phone_text(value: Any, cell: Cell) -> str:
    """As it is, unless the option `display` asks for another form; only then the metadata is read."""
    if not isinstance(value, str) or not cell.string("display"):
        return plain(value)
    return str(later("strict.phones", "phone_text")(value, cell))


_EMAIL_OPTIONS = {
    "allow_smtputf8": flag("letters beyond ASCII before the @ (true if absent)"),
    "allow_quoted_local": flag('a part before the @ in quotes, "a b"@example.com'),
    "allow_domain_literal": flag("an IP address in square brackets for a domain"),
    "allow_display_name": flag("a name before the address, which is dropped"),
    "allow_empty_local": flag("nothing before the @"),
    "globally_deliverable": flag("refuse names that are not on the public Internet (true if absent)"),
    "test_environment": flag("take the domain test"),
    "strict": flag("refuse a part before the @ of more than 64 characters"),
}
_URL_OPTIONS = {
    "allowed_schemes": texts("schemes that are taken (http and https if absent)"),
    "allow_credentials": flag("take a login in the address"),
    "require_public_suffix": flag("take only hosts under a public suffix such as com"),
    "max_length": count("most characters of the normal form"),
    "default_scheme": text("what a suggestion puts before an address without a scheme (https if absent)"),
}
_FORMS = ("E164", "INTERNATIONAL", "NATIONAL", "RFC3966")
_LINES = (
    *("FIXED_LINE", "MOBILE", "FIXED_LINE_OR_MOBILE", "TOLL_FREE", "PREMIUM_RATE", "SHARED_COST", "VOIP"),
    *("PERSONAL_NUMBER", "PAGER", "UAN", "VOICEMAIL", "UNKNOWN"),
)
_PHONE_OPTIONS = {
    "default_region": text("country of numbers without a country code, such as US"),
    "format": text("normal form (E164 if absent, RFC3966 with an extension)", *_FORMS),
    "display": text("form of the text (as it is if absent)", *_FORMS),
    "allowed_regions": texts("countries whose numbers are taken (all if absent)"),
    "allowed_types": texts("kinds of lines that are taken (all if absent)", *_LINES),
}

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
    doc="An e-mail address. Airtable takes any text; strict mode takes an address, in its normal form.",
    examples=(Example("ada@example.com", "ada@example.com"),),
    normalise=any_text,
    tighten=later("strict.emails", "email_address"),
    strict_options=_EMAIL_OPTIONS,
    cast=_one_line,
    can_be_primary=True,
)

URL = FieldType(
    name="url",
    label="URL",
    doc="A web address. Airtable takes any text; strict mode what a browser opens, as the browser writes it.",
    examples=(Example("https://example.com/", "https://example.com/"),),
    normalise=any_text,
    tighten=later("strict.urls", "web_address"),
    strict_options=_URL_OPTIONS,
    cast=_one_line,
    can_be_primary=True,
)

PHONE_NUMBER = FieldType(
    name="phoneNumber",
    label="Phone number",
    doc="A telephone number. Airtable takes any text; strict mode a number that can be called, as E.164.",
    examples=(Example("+14155552671", "+14155552671"),),
    normalise=any_text,
    tighten=later("strict.phones", "phone_number"),
    display=_phone_text,
    strict_options=_PHONE_OPTIONS,
    cast=_one_line,
    can_be_primary=True,
)
