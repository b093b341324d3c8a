"""One line of log for each call, as JSON, by the logger `pyairtable_mcp.calls`."""

import json
import logging
from dataclasses import fields
from datetime import UTC, datetime

from pyairtable_mcp.observing.call import Seen

CALLS = "pyairtable_mcp.calls"
"""The logger's name."""

_MEMBERS = tuple(member.name for member in fields(Seen))


class CallLines:
    """An Observer that logs; whoever listens to the logger decides where it goes."""

    def __init__(self) -> None:
        self._logger = logging.getLogger(CALLS)

    def saw(self, call: Seen) -> None:
        """See `Observer.saw`."""
        if self._logger.isEnabledFor(logging.INFO):
            # Made here: `info` would look up the stack for who logs, which is known.
            self._logger.handle(self._record(call))

    def _record(self, call: Seen) -> logging.LogRecord:
        told = call.tool, call.outcome
        extra = {"call": call}
        return self._logger.makeRecord(CALLS, logging.INFO, __file__, 0, "%s %s", told, None, extra=extra)


class JsonLines(logging.Formatter):
    """A call as one line of JSON; any other record as its level and its message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, object] = {"time": moment, "level": record.levelname.lower()}
        call = getattr(record, "call", None)
        if isinstance(call, Seen):
            members = {name: getattr(call, name) for name in _MEMBERS}
            told |= {"event": "tool_call", **members, "seconds": round(call.seconds, 4)}
        else:
            told |= {"event": record.getMessage(), "logger": record.name}
        return json.dumps(told, ensure_ascii=True)
