"""Values as webhooks tell them (the "V2" cell format), and back to those of the REST API."""

from collections.abc import Mapping
from typing import Any

from fields.cell import Options, mapping
from fields.conversion.kinds import KINDS, STANDS_FOR, Kind

_NO_NAMES: Mapping[str, str] = {}


def webhook_value(
    type: str, value: Any, options: Options | None = None, *, names: Mapping[str, str] = _NO_NAMES
) -> Any:
    """A REST value as a webhook's payload has it; what has no form of its own stays as it is.

    A choice is {"id", "name", "color"}, as far as `options` tell them; a linked record is {"id", "name"},
    with `names` from ids to values of the primary field. A lookup takes its values by linked record and
    is {"valuesByLinkedRecordId", "linkedRecordIds"}, each value in the form of its own type.
    """
    own = mapping(options)
    if type in ("multipleLookupValues", "lookup"):
        return _lookup(value, own, names)
    kind = _kind(type)
    if kind is Kind.CHOICE:
        return _each(value, lambda name: _choice(name, own))
    if kind is Kind.LINK:
        return _each(value, lambda link: {"id": link, "name": names.get(str(link), "")})
    return value


def rest_value(type: str, value: Any) -> Any:
    """A webhook's value as the REST API has it: the inverse of `webhook_value`."""
    if isinstance(value, Mapping) and "valuesByLinkedRecordId" in value:
        return _looked_up(value)
    kind = _kind(type)
    key = {Kind.CHOICE: "name", Kind.LINK: "id"}.get(kind) if kind else None
    return _each(value, lambda member: mapping(member).get(key, member)) if key else value


def _kind(type: Any) -> Kind | None:
    return KINDS.get(STANDS_FOR.get(type, type)) if isinstance(type, str) else None


def _each(value: Any, rule: Any) -> Any:
    if isinstance(value, list | tuple):
        return [rule(member) for member in value]
    return value if value is None else rule(value)


def _choice(name: Any, options: Options) -> Any:
    listed = options.get("choices")
    known = listed if isinstance(listed, list | tuple) else ()
    found = next((choice for choice in known if mapping(choice).get("name") == name), {"name": name})
    return {key: found[key] for key in ("id", "name", "color") if key in found}


def _lookup(value: Any, options: Options, names: Mapping[str, str]) -> Any:
    if not isinstance(value, Mapping):
        return value
    result = mapping(options.get("result"))
    type, own = str(result.get("type")), mapping(result.get("options"))
    formed = {
        id: [webhook_value(type, member, own, names=names) for member in members]
        for id, members in value.items()
        if isinstance(members, list | tuple)
    }
    return {"valuesByLinkedRecordId": formed, "linkedRecordIds": list(formed)}


def _looked_up(value: Mapping[str, Any]) -> list[Any]:
    """All values in the order of the links; objects of choices and links become names and ids."""
    by_record, ids = mapping(value["valuesByLinkedRecordId"]), value.get("linkedRecordIds")
    order = ids if isinstance(ids, list | tuple) else list(by_record)
    found = (by_record.get(id) for id in order)
    return [member for members in found if isinstance(members, list | tuple) for member in members]
