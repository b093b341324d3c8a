"""One line of log for each call, as JSON, by the logger `pyairtable_mcp.calls`."""

import json
import logging
from datetime import UTC, datetime

from pyairtable_mcp.observing.call import Seen

CALLS = "pyairtable_mcp.calls"
"""The logger's name."""


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
        record = self._logger.makeRecord(CALLS, logging.INFO, __file__, 0, "%s %s", told, None, extra=extra)
        # It may be told of later than it ended.
        record.created, record.msecs = call.ended, call.ended % 1 * 1000
        return record


class JsonLines(logging.Formatter):
    """A call as one line of JSON; any other record as its level and its message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, object] = {"time": moment, "level": record.levelname.lower()}
        call = getattr(record, "call", None)
        if isinstance(call, Seen):
            told |= {
                "event": "tool_call",
                "principal": call.principal,
                "tool": call.tool,
                "base": call.base,
                "seconds": round(call.seconds, 4),
                "bytes": call.bytes,
                "outcome": call.outcome,
            }
        else:
            told |= {"event": record.getMessage(), "logger": record.name}
        return json.dumps(told, ensure_ascii=True)
