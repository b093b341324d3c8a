"""Calls as Prometheus reads them. Imported on first use: stdio needs none of it."""

from functools import cache

from prometheus_client import Counter, Histogram

from pyairtable_mcp.observing.call import Outcome, Seen

_CALLS = Counter("pyairtable_mcp_calls_total", "Calls of tools.", ("tool", "outcome"))
_SECONDS = Histogram(
    "pyairtable_mcp_call_seconds",
    "Time that calls took.",
    ("tool",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
_BYTES = Counter("pyairtable_mcp_result_bytes_total", "Bytes of the answers' text.", ("tool",))


class CallFigures:
    """An Observer that counts; all servers of a process count together."""

    def saw(self, call: Seen) -> None:
        """See `Observer.saw`."""
        calls, seconds, size = _figures(call.tool, call.outcome)
        calls.inc()
        seconds.observe(call.seconds)
        size.inc(call.bytes)


@cache
def _figures(tool: str, outcome: Outcome) -> tuple[Counter, Histogram, Counter]:
    """The figures of such calls, looked up once; the tools are those of the table, and "unknown"."""
    return _CALLS.labels(tool, outcome), _SECONDS.labels(tool), _BYTES.labels(tool)
