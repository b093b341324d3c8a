"""A breaker for each base: after some failures in a row nobody calls for a while, then one call tries."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from airtable_gateway.clock import Clock
from airtable_gateway.errors import AirtableError, OutOfOrder, TooManyRequests, Unreachable

State = Literal["closed", "open", "half_open"]

FAILURES = 5
"""Calls in a row that got no answer, or that of a server in trouble, before the breaker opens."""

REST_SECONDS = 15.0
"""How long it stays open before one call may try."""


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    opened_at: float = 0.0
    state: State = "closed"
    probe: object | None = None


class Breaker:
    """Keeps count of what came of the calls to each base; `told` hears of each new state."""

    def __init__(self, clock: Clock, told: Callable[[str, State], None] = lambda _base, _state: None) -> None:
        self._clock = clock
        self._told = told
        self._circuits: defaultdict[str, _Circuit] = defaultdict(_Circuit)

    def state(self, base: str) -> State:
        """That of the base."""
        circuit = self._circuits.get(base)
        return circuit.state if circuit else "closed"

    def check(self, base: str) -> None:
        """Nothing, when a call could go or try. Raises OutOfOrder."""
        circuit = self._circuits.get(base)
        if circuit is None or circuit.state == "closed":
            return
        rest = circuit.opened_at + REST_SECONDS - self._clock.now()
        if circuit.state == "half_open" or rest > 0:
            raise OutOfOrder(retry_after_seconds=max(1.0, rest))

    def admit(self, base: str, call: object) -> None:
        """Let the call go; of those that come after the rest, the first one alone. Raises OutOfOrder."""
        circuit = self._circuits.get(base)
        if circuit is None or circuit.state == "closed":
            return
        self.check(base)
        if circuit.state == "open":
            circuit.probe = call
            self._become(base, circuit, "half_open")

    def note(self, base: str, call: object, error: BaseException | None) -> None:
        """Take down what came of an admitted call; None is an answer, as is every refusal."""
        circuit = self._circuits[base]
        is_probe, circuit.probe = circuit.probe is call, None if circuit.probe is call else circuit.probe
        if error is not None and not isinstance(error, AirtableError):
            self._give_up(base, circuit, is_probe=is_probe)
        elif _is_failure(error):
            self._fail(base, circuit, is_probe=is_probe)
        elif is_probe or circuit.state == "closed":
            circuit.failures = 0
            self._become(base, circuit, "closed")

    def _fail(self, base: str, circuit: _Circuit, *, is_probe: bool) -> None:
        circuit.failures += 1
        if is_probe or (circuit.state == "closed" and circuit.failures >= FAILURES):
            circuit.opened_at = self._clock.now()
            self._become(base, circuit, "open")

    def _give_up(self, base: str, circuit: _Circuit, *, is_probe: bool) -> None:
        """The call was cancelled and tells nothing: the next one may try."""
        if is_probe:
            self._become(base, circuit, "open")

    def _become(self, base: str, circuit: _Circuit, state: State) -> None:
        if circuit.state != state:
            circuit.state = state
            self._told(base, state)


def _is_failure(error: BaseException | None) -> bool:
    """Whether Airtable was not there for it; a 429 is an answer of a service in good health."""
    return isinstance(error, Unreachable) and not isinstance(error, TooManyRequests)
