"""The rate limits by the clock: when they refuse, and when they let in again."""

import pytest

from local_twins.airtable.errors import Refusal
from local_twins.airtable.web.limiter import Limiter, RateLimit

BASE, OTHER, ADA, BOB = "appOne00000000000", "appTwo00000000000", "usrAda00000000000", "usrBob00000000000"


class Desk:
    """A limiter, and a clock that is moved by hand."""

    def __init__(self, mode: RateLimit) -> None:
        self.now = 100.0
        self._limiter = Limiter(mode, lambda: self.now)

    def lets_in(self, times: int, base: str = BASE, user: str = ADA) -> int:
        """How many of so many requests at one instant pass."""
        return sum(self._passes(base, user) for _ in range(times))

    def _passes(self, base: str, user: str) -> bool:
        try:
            self._limiter.admit(base, user)
        except Refusal:
            return False
        return True


def test_off_lets_everything_in() -> None:
    assert Desk("off").lets_in(1000) == 1000


@pytest.mark.parametrize("mode", ["bucket", "strict"])
def test_five_requests_a_second_pass_on_a_base_and_others_are_not_touched(mode: RateLimit) -> None:
    desk = Desk(mode)

    assert desk.lets_in(8) == 5
    assert desk.lets_in(8, base=OTHER) == 5
    assert desk.lets_in(8, base="") == 8


@pytest.mark.parametrize("mode", ["bucket", "strict"])
def test_fifty_requests_a_second_pass_of_a_user_over_all_bases(mode: RateLimit) -> None:
    desk = Desk(mode)

    assert desk.lets_in(60, base="") == 50
    assert desk.lets_in(1, base=OTHER) == 0
    assert desk.lets_in(5, base=OTHER, user=BOB) == 5


def test_a_bucket_lets_in_again_as_tokens_come_back() -> None:
    desk = Desk("bucket")
    desk.lets_in(8)

    desk.now += 0.45
    assert desk.lets_in(8) == 2
    desk.now += 10
    assert desk.lets_in(8) == 5


def test_strict_shuts_for_thirty_seconds_and_asking_meanwhile_does_not_prolong_it() -> None:
    desk = Desk("strict")
    desk.lets_in(6)

    desk.now += 29
    assert desk.lets_in(1) == 0
    desk.now += 1
    assert desk.lets_in(8) == 5
