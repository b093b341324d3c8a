"""One rule of fault injection: which requests it is for, when it strikes, and what happens then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any, Self

FAULTS: Mapping[str, str] = {
    "latency": "the answer waits for `seconds`",
    "429": "refused as over the rate limit, with Retry-After if `retryAfter` is given",
    "billing_limit": "refused as over the month's number of calls; what the meta API says stays open",
    "503": "refused as safe to retry, with Retry-After (1 unless `retryAfter` says otherwise)",
    "drop_before": "the connection is dropped, and nothing was done",
    "drop_after": "the connection is dropped once the work is done and kept",
}
"""What can be made to happen."""

METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


class FaultsRefused(ValueError):
    """The rules cannot be followed: the message names the value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Strikes some of the requests that fit `methods` (empty: all) and `path` (a pattern with `*`).

    Of those it strikes the `nth` ones (counted from 1), or each `every`th, or all; each with `probability`;
    and never more than `times` (None: no end).
    """

    fault: str
    methods: tuple[str, ...] = ()
    path: str = "*"
    probability: float = 1.0
    nth: tuple[int, ...] = ()
    every: int = 1
    times: int | None = None
    seconds: float = 0.0
    retry_after: int | None = None

    @classmethod
    def of(cls, told: Any) -> Self:
        """The rule of a JSON object. Raises FaultsRefused."""
        if not isinstance(told, Mapping) or told.get("fault") not in FAULTS:
            raise FaultsRefused(f"a rule is an object whose `fault` is one of {', '.join(FAULTS)}: {told!r}")
        if unknown := sorted(set(told) - set(_READERS)):
            raise FaultsRefused(f"a rule has no {', '.join(unknown)}; there are {', '.join(_READERS)}")
        read: dict[str, Any] = {
            _NAMES.get(key, key): _READERS[key](key, value) for key, value in told.items()
        }
        if (read["fault"] == "latency") is not ("seconds" in read):
            raise FaultsRefused(f"`seconds` goes with the fault latency, and with no other: {dict(told)!r}")
        if "retry_after" in read and read["fault"] not in ("429", "503"):
            raise FaultsRefused(f"`retryAfter` goes with the faults 429 and 503: {dict(told)!r}")
        return cls(**read)

    def to_json(self) -> dict[str, Any]:
        """The rule as it is written, with what was left out."""
        names = {name: key for key, name in _NAMES.items()}
        values = {names.get(item.name, item.name): getattr(self, item.name) for item in fields(self)}
        return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}

    def fits(self, method: str, path: str) -> bool:
        """Whether it is for such requests."""
        if self.fault == "billing_limit" and "/v0/meta/" in path:
            return False  # seen in the wild: the meta API kept working
        return (not self.methods or method in self.methods) and fnmatchcase(path, self.path)

    def is_due(self, number: int) -> bool:
        """Whether it may strike the request of that number, of those that it fits."""
        return number in self.nth if self.nth else number % self.every == 0


def _refused(key: str, value: Any, wanted: str) -> FaultsRefused:
    return FaultsRefused(f"`{key}` is {wanted}, and not {value!r}")


def _is_number(value: Any, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _is_count(value: Any, least: int = 1) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _number(least: float, most: float) -> Callable[[str, Any], float]:
    def read(key: str, value: Any) -> float:
        if not _is_number(value, least, most):
            raise _refused(key, value, f"a number from {least:g} to {most:g}")
        return float(value)

    return read


def _count(least: int = 1) -> Callable[[str, Any], int]:
    def read(key: str, value: Any) -> int:
        if not _is_count(value, least):
            raise _refused(key, value, f"a whole number of at least {least}")
        return int(value)

    return read


def _counts(key: str, value: Any) -> tuple[int, ...]:
    numbers = value if isinstance(value, list) else [value]
    if not numbers or not all(_is_count(number) for number in numbers):
        raise _refused(key, value, "a whole number of at least 1, or a list of such")
    return tuple(numbers)


def _methods(key: str, value: Any) -> tuple[str, ...]:
    names = value if isinstance(value, list) else [value]
    if not all(name in METHODS for name in names):
        raise _refused(key, value, f"one of {', '.join(METHODS)}, or a list of such")
    return tuple(names)


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise _refused(key, value, "a text, for example /v0/*/Tasks")
    return value


_NAMES: Mapping[str, str] = {"method": "methods", "retryAfter": "retry_after"}
_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "fault": _text,
    "method": _methods,
    "path": _text,
    "probability": _number(0, 1),
    "nth": _counts,
    "every": _count(),
    "times": _count(),
    "seconds": _number(0, 600),
    "retryAfter": _count(0),
}
"""The keys of a rule, each with what reads its value."""
