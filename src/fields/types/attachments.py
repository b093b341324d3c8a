"""The type whose value is a list of files."""

from collections.abc import Mapping
from typing import Any

from fields.cell import Cell
from fields.field_type import Example, FieldType
from fields.later import later
from fields.members import array, each
from fields.option_words import count, flag, texts
from fields.plain import plain
from fields.problems import Refusal
from fields.types.text import any_text
from fields.wording import listed, shown


def _attachment(value: Any, cell: Cell) -> dict[str, str]:
    """{url, filename?} for a file to fetch, {id, filename?} for one that the cell already holds."""
    if not isinstance(value, Mapping):
        raise _refused(cell, f'takes objects such as {{"url": "https://..."}}, not {shown(value)}.', value)
    # Airtable refuses what it added itself, such as size and type (422 INVALID_ATTACHMENT_OBJECT).
    foreign = [key for key in value if key not in ("id", "url", "filename")]
    if foreign or ("id" in value and "url" in value):
        names = foreign or ["id beside url"]
        message = f"does not take back what Airtable added to an attachment ({listed(map(str, names))})."
        raise _refused(cell, f'{message} Send {{"id"}} to keep a file, {{"url"}} to add one.', value)
    known = "id" if "id" in value else "url"
    name = {"filename": value["filename"]} if value.get("filename") is not None else {}
    checked = {known: _reference(value.get(known), known, cell), **name}
    return {key: any_text(text, cell) for key, text in checked.items()}


def _reference(value: Any, key: str, cell: Cell) -> Any:
    if key == "id":
        if isinstance(value, str) and value.startswith("att"):
            return value
        raise _refused(cell, f"keeps files that it has by their ids (att...), not {shown(value)}.", None)
    if is_web_address(value):
        return value
    raise _refused(cell, f"fetches files from http:// and https:// addresses, not {shown(value)}.", value)


def is_web_address(value: Any) -> bool:
    """Whether the value starts as http(s)://host; Airtable looks no closer before it fetches."""
    if not isinstance(value, str):
        return False
    scheme, _, rest = value.partition("://")
    host = rest.partition("/")[0]
    return scheme.lower() in ("http", "https") and bool(host.strip())


def _refused(cell: Cell, reason: str, value: Any) -> Refusal:
    return cell.refusal("bad_attachment", f"{cell.name} {reason}", suggestion=_smallest(value))


def _smallest(value: Any) -> dict[str, str] | None:
    """The write form that the value was probably meant to be."""
    match value:
        case {"id": str() as known} if known:
            return {"id": known}
        case {"url": str() as url} if is_web_address(url):
            return {"url": url}
        case str() if is_web_address(value):
            return {"url": value}
    return None


def _attachments(value: Any, cell: Cell) -> list[dict[str, str]]:
    return each(array(value, cell, of="attachments", meant=_smallest), cell, _attachment)


def _attachment_of_anything(value: Any, cell: Cell) -> dict[str, str]:
    return _attachment(_file_of_text(value.strip()) if isinstance(value, str) else value, cell)


def _file_of_text(text: str) -> dict[str, str]:
    if text.startswith("att") and text.isalnum():
        return {"id": text}
    # "a.png (https://...)" is how cellFormat=string and exports write a file.
    name, _, url = text.removesuffix(")").rpartition(" (")
    if name and text.endswith(")") and is_web_address(url):
        return {"url": url, "filename": name}
    return {"url": text}


def _attachments_of_anything(value: Any, cell: Cell) -> list[dict[str, str]]:
    if isinstance(value, str) and not value.strip():
        return []
    members = list(value) if isinstance(value, list | tuple) else [value] if value else []
    return each(members, cell, _attachment_of_anything)


def _files_text(value: Any, cell: Cell) -> str:  # noqa: ARG001 - a Display is told the cell
    return ", ".join(map(_file_text, value)) if isinstance(value, list | tuple) else _file_text(value)


def _file_text(value: Any) -> str:
    match value:
        case {"filename": str() as name, "url": str() as url}:
            return f"{name} ({url})"
        case {"url": str() as url}:
            return url
    return plain(value)


MULTIPLE_ATTACHMENTS = FieldType(
    name="multipleAttachments",
    label="Attachment",
    doc="Files, fetched by Airtable from their addresses after the write; a write replaces them all. "
    "Strict mode takes only addresses of public servers, and cleans the names.",
    examples=(
        Example(
            [{"url": "https://example.com/a.png", "filename": "a.png"}], "a.png (https://example.com/a.png)"
        ),
        Example([{"id": "attPlan0000000001"}], "attPlan0000000001"),
    ),
    normalise=_attachments,
    tighten=later("files.strictness", "strict_attachments"),
    cast=_attachments_of_anything,
    display=_files_text,
    options_schema={"type": "object", "properties": {}, "additionalProperties": False},
    strict_options={
        "max_count": count("most files in a cell"),
        "block_private": flag("refuse addresses of private networks (true if absent)"),
        "addresses": texts("what the hosts resolved to, all of which must be public"),
        "allow_credentials": flag("take a login in an address"),
    },
)
