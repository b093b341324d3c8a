"""The gateway's work as Prometheus reads it. Imported on first use: stdio needs none of it."""

from functools import cache

from prometheus_client import Counter, Gauge, Histogram

_CALLS = Counter("pyairtable_gateway_calls_total", "Requests to Airtable.", ("kind", "outcome"))
_SECONDS = Histogram(
    "pyairtable_gateway_call_seconds",
    "Time until Airtable answered.",
    ("kind",),
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_WAITS = Histogram(
    "pyairtable_gateway_wait_seconds",
    "Time that calls waited for their turn.",
    ("urgency",),
    buckets=(0.01, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
_JOINED = Counter("pyairtable_gateway_joined_calls_total", "Calls that went in one request with others.")
_LOOKS = Counter("pyairtable_gateway_cache_looks_total", "Looks into the cache.", ("what", "found"))
_BREAKER = Gauge(
    "pyairtable_gateway_breaker_state", "Of each base: 0 closed, 0.5 one call tries, 1 open.", ("base",)
)
_STATES = {"closed": 0.0, "half_open": 0.5, "open": 1.0}


class PrometheusMetrics:
    """See `Metrics`; all gateways of a process count together."""

    def called(self, kind: str, outcome: str, seconds: float) -> None:
        """See `Metrics.called`."""
        _calls(kind, outcome).inc()
        _seconds(kind).observe(seconds)

    def waited(self, seconds: float, *, is_bulk: bool) -> None:
        """See `Metrics.waited`."""
        _waits("bulk" if is_bulk else "interactive").observe(seconds)

    def joined(self, calls: int) -> None:
        """See `Metrics.joined`."""
        _JOINED.inc(calls)

    def looked_up(self, what: str, *, is_hit: bool) -> None:
        """See `Metrics.looked_up`."""
        _looks(what, "yes" if is_hit else "no").inc()

    def breaker_changed(self, base: str, state: str) -> None:
        """See `Metrics.breaker_changed`."""
        _BREAKER.labels(base).set(_STATES[state])


# Each series is found by its labels once: prometheus_client makes a key of them under a lock, at each call.
@cache
def _calls(kind: str, outcome: str) -> Counter:
    return _CALLS.labels(kind, outcome)


@cache
def _seconds(kind: str) -> Histogram:
    return _SECONDS.labels(kind)


@cache
def _waits(urgency: str) -> Histogram:
    return _WAITS.labels(urgency)


@cache
def _looks(what: str, found: str) -> Counter:
    return _LOOKS.labels(what, found)
