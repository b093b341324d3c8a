"""The schemas of our own events: the fields of each event's class, with the place in which it is told."""

from typing import Any

from pydantic import TypeAdapter

from orchestrator.events import EVENTS, TextDelta, ThoughtDelta
from orchestrator.web.openapi.shapes import REF

Json = dict[str, Any]

_SESSION: Json = {"type": "string", "description": "The session that it happened in."}

_HEAD: Json = {
    "number": {"type": "integer", "minimum": 1, "description": "Its place in the session, without gaps."},
    "at": {"type": "string", "format": "date-time"},
}

_CUT: Json = {
    "title": "CutEvent",
    "description": "An event that is too large for a line: GET /sessions/{id}/events?after=number-1&limit=1.",
    "type": "object",
    "properties": {
        "kind": {"type": "string"},
        "run": {"type": "string"},
        "number": {"type": "integer"},
        "is_cut": {"const": True},
    },
    "required": ["kind", "run", "number", "is_cut"],
}


_BROKEN: Json = {
    "title": "StreamBroken",
    "description": "The stream ends by a fault of the server; the run may go on, and can be read on.",
    "type": "object",
    "properties": {
        "kind": {"const": "stream_broken"},
        "session": _SESSION,
        "code": {"type": "string"},
        "message": {"type": "string"},
    },
    "required": ["kind", "session", "code", "message"],
}


def event_schemas() -> dict[str, Json]:
    """Every event and moment by its name; `SessionEvent` is any of the log, `StreamEvent` any at all."""
    logged = {event.__name__: _schema(event, _HEAD | {"session": _SESSION}, list(_HEAD)) for event in EVENTS}
    moments = {
        moment.__name__: _schema(moment, {"session": _SESSION}, []) for moment in (TextDelta, ThoughtDelta)
    }
    told = {
        "SessionEvent": _one_of("An event of a session's log.", list(logged)),
        "StreamEvent": _one_of(
            "An event, or a moment between two.", [*logged, *moments, "CutEvent", "StreamBroken"]
        ),
    }
    return logged | moments | {"CutEvent": _CUT, "StreamBroken": _BROKEN} | told


def _schema(event: type, head: Json, required: list[str]) -> Json:
    made = TypeAdapter(event).json_schema(mode="serialization")
    made["properties"] = {"kind": {"const": event.kind}, **head, **made["properties"]}  # type: ignore[attr-defined]
    made["required"] = ["kind", *required, *made.get("required", [])]
    return made


def _one_of(about: str, names: list[str]) -> Json:
    return {"description": about, "oneOf": [{"$ref": REF.format(model=name)} for name in names]}
