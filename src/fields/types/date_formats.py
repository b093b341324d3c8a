"""How a date field is shown: the named formats of the options, completed and checked."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fields.problems import Problem, Refusal
from fields.wording import quoted

DATE_FORMATS: Mapping[str, str] = MappingProxyType(
    {"local": "l", "friendly": "LL", "us": "M/D/YYYY", "european": "D/M/YYYY", "iso": "YYYY-MM-DD"}
)
TIME_FORMATS: Mapping[str, str] = MappingProxyType({"12hour": "h:mma", "24hour": "HH:mm"})

_NAMED = {"dateFormat": DATE_FORMATS, "timeFormat": TIME_FORMATS}


def named_format(patterns: Mapping[str, str]) -> Mapping[str, Any]:
    """The schema of {name, format?}, `name` being one of the patterns'."""
    return {
        "type": "object",
        "properties": {
            "name": {"type": "string", "enum": list(patterns)},
            "format": {"type": "string"},
        },
        "required": ["name"],
        "additionalProperties": False,
    }


def completed(options: dict[str, Any], label: str) -> dict[str, Any]:
    """The options with every `format` filled in. Refuses a format not the name's, and unknown zones."""
    formats = {key: _named(options[key], key, label) for key in _NAMED if key in options}
    if "timeZone" in options:
        _check_zone(options["timeZone"], label)
    return {**options, **formats}


def check_given_zone(options: Mapping[str, Any], label: str) -> None:
    """Refuses a time zone that does not exist, in whatever spelling it stands in a field's options."""
    name = options.get("timeZone")
    if isinstance(name, str) and name not in ("utc", "client") and not _exact_zone(name)[1]:
        raise _no_zone(name, label)


def _named(given: Mapping[str, str], option: str, label: str) -> dict[str, str]:
    name = given["name"]
    pattern = _NAMED[option][name]
    if given.get("format", pattern) == pattern:
        return {"name": name, "format": pattern}
    message = (
        f"{label} shows the {option} {quoted(name)} as {quoted(pattern)}, not {quoted(given['format'])}. "
        "Leave the format out."
    )
    raise Refusal([Problem("bad_option", message, (option, "format"), pattern)])


def _check_zone(name: str, label: str) -> None:
    """Airtable wants "utc", "client" or an IANA name to the letter; it refuses "UTC" (seen live)."""
    if name not in ("utc", "client") and not (_exact_zone(name) == (name, True) and "/" in name):
        raise _no_zone(name, label)


def _exact_zone(name: str) -> tuple[str | None, bool]:
    """The name as IANA spells it and whether it is a zone's; else the nearest name."""
    from moments import UnknownZone, resolve_zone  # not before a zone is named: it brings all of them

    try:
        return getattr(resolve_zone(name), "key", "utc"), True
    except UnknownZone as unknown:
        return next(iter(unknown.nearest), None), False


def _no_zone(name: str, label: str) -> Refusal:
    exact, _ = _exact_zone(name)
    message = f'{label} takes the timeZone "utc", "client" or one such as Europe/Paris, not {quoted(name)}.'
    near = "utc" if exact and "/" not in exact else exact
    return Refusal([Problem("bad_option", message, ("timeZone",), near)])
