"""The port through which the gateway tells what it does, and the one that tells nobody."""

from typing import Protocol


class Metrics(Protocol):
    """Counts and measures; never fails and never waits."""

    def called(self, kind: str, outcome: str, seconds: float) -> None:
        """A request was answered: `kind` is read, write or create, and `outcome` ok or an error's code."""
        ...

    def waited(self, seconds: float, *, is_bulk: bool) -> None:
        """A call waited so long for its turn."""
        ...

    def joined(self, calls: int) -> None:
        """So many calls went as one request."""
        ...

    def looked_up(self, what: str, *, is_hit: bool) -> None:
        """The cache was asked for a schema or for records."""
        ...

    def breaker_changed(self, base: str, state: str) -> None:
        """The breaker of a base is now closed, open or half_open."""
        ...


class NoMetrics:
    """For a process that nobody watches."""

    def called(self, kind: str, outcome: str, seconds: float) -> None:
        """See `Metrics.called`."""

    def waited(self, seconds: float, *, is_bulk: bool) -> None:
        """See `Metrics.waited`."""

    def joined(self, calls: int) -> None:
        """See `Metrics.joined`."""

    def looked_up(self, what: str, *, is_hit: bool) -> None:
        """See `Metrics.looked_up`."""

    def breaker_changed(self, base: str, state: str) -> None:
        """See `Metrics.breaker_changed`."""
