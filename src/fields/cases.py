"""Cases as data: {"type", "options", "input", "level"}, and the question that each type of them asks.

A case's `type` is a field type, "<field type>.options", or one of the few names of `_QUESTIONS`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from fields import parts
from fields.cell import Mode, mapping
from fields.checked import Checked
from fields.options import check_options
from fields.problems import Problem
from fields.values import check
from fields.wording import shown

Question = Callable[[Any, Mapping[str, Any], Mode], Checked]


def check_case(case: Mapping[str, Any]) -> Checked:
    """What the library says to the case: `.ok` is its `valid`, `.value` its `normalized`.

    `level` is the mode, "strict" if absent. Where a case's type is no field type, it asks:

    phone (check phoneNumber) · money (check_money) · currency.parse (read_amount) · duration.parse
    (read_duration) · hostname (check_hostname) · registrable_domain (find_registrable_domain) · button
    (check_button) · button.url (check_button_url) · attachment.url (check_file_url) · attachment.name
    (clean_filename) · attachment.sniff ({head_hex, filename}, options.declared: check_file_kind) ·
    attachment.size (bytes, {size}, {bytes}, {base64} or a list of these: check_file_sizes).

    A button is asked about as Airtable's computed field at level "airtable". Anything else is unknown_case.
    """
    if not isinstance(case, Mapping) or not isinstance(case.get("type"), str):
        return _unknown(case)
    type, mode = case["type"], case.get("level", "strict")
    if mode not in ("airtable", "strict"):
        return _unknown(mode)
    options, value = mapping(case.get("options")), case.get("input")
    if type.endswith(".options"):
        checked = check_options(type.removesuffix(".options"), value)
        return checked if checked.ok else Checked(problems=checked.problems)
    if type in _QUESTIONS and not (type == "button" and mode == "airtable"):
        return _QUESTIONS[type](value, options, mode)
    return check(type, value, options, mode=mode)


def _sniff(value: Any, options: Mapping[str, Any], mode: Mode) -> Checked:  # noqa: ARG001 - a Question is told
    try:
        head = bytes.fromhex(mapping(value).get("head_hex", ""))
    except (TypeError, ValueError):
        return _unknown(value)
    told = {"filename": mapping(value).get("filename", ""), "declared": options.get("declared", "")}
    return parts.check_file_kind(head, **{key: text for key, text in told.items() if isinstance(text, str)})


def _size(value: Any, options: Mapping[str, Any], mode: Mode) -> Checked:  # noqa: ARG001 - a Question is told
    sizes = value if isinstance(value, list) else [value]
    measured = [_measured(size) for size in sizes]
    refused = next((size for size in measured if not size.ok), None)
    checked = refused or parts.check_file_sizes([size.value for size in measured], _bounds(options))
    return checked if not checked.ok else Checked(value, checked.text)


def _bounds(options: Mapping[str, Any]) -> Mapping[str, Any]:
    """The options with the other names that cases have for `max_bytes`."""
    named = next((options[name] for name in ("limit", "limit_bytes", "max_size") if name in options), None)
    return {"max_bytes": named, **options}


def _measured(size: Any) -> Checked:
    match size:
        case {"base64": text}:
            return parts.measure_base64(text)
        case {"size": number} | {"bytes": number} | {"size_bytes": number}:
            return Checked(number)
    return Checked(size)


def _unknown(asked: Any) -> Checked:
    return Checked(problems=(Problem("unknown_case", f"There is no such case: {shown(asked)}."),))


_QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        "phone": lambda value, options, mode: check("phoneNumber", value, options, mode=mode),
        "money": lambda value, options, _: parts.check_money(value, options),
        "currency.parse": lambda value, options, _: parts.read_amount(value, options),
        "duration.parse": lambda value, options, mode: parts.read_duration(value, options, mode=mode),
        "hostname": lambda value, options, _: parts.check_hostname(value, options),
        "registrable_domain": lambda value, options, _: parts.find_registrable_domain(value, options),
        "button": lambda value, options, _: parts.check_button(value, options),
        "button.url": lambda value, options, _: parts.check_button_url(value, options),
        "attachment.url": lambda value, options, _: parts.check_file_url(value, options),
        "attachment.name": lambda value, *_: parts.clean_filename(value),
        "attachment.sniff": _sniff,
        "attachment.size": _size,
    }
)
