"""Airtable's rate limits: five requests a second and base, fifty and user, in three degrees of strictness."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal

RateLimit = Literal["off", "bucket", "strict"]

RATE = 5.0
"""Requests a second for each base (docs: "Rate limits")."""
USER_RATE = 50.0
"""Requests a second for each user, over all bases and tokens (docs: "Rate limits")."""
LOCK_SECONDS = 30.0
"""How long a base or a user stays shut out after a refusal (docs: "Rate limits")."""


@dataclass(slots=True)
class _Bucket:
    rate: float
    tokens: float
    filled_at: float
    locked_until: float = 0.0

    def takes(self, now: float, *, is_strict: bool) -> bool:
        """Whether a request may pass now; it takes a token if it may."""
        self.tokens = min(self.rate, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if now >= self.locked_until and self.tokens >= 1:
            self.tokens -= 1
            return True
        if is_strict and now >= self.locked_until:
            self.locked_until = now + LOCK_SECONDS
        return False


class Limiter:
    """`bucket` refuses until a token is back, `strict` for thirty seconds, `off` never."""

    def __init__(self, mode: RateLimit, monotonic: Callable[[], float]) -> None:
        self._mode = mode
        self._monotonic = monotonic
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    @property
    def is_off(self) -> bool:
        """Whether every request passes."""
        return self._mode == "off"

    def admit(self, base_id: str, user_id: str) -> None:
        """Let a request of that user on that base ("" for none) pass. Raises Refusal."""
        if self._mode == "off":
            return
        if not self._takes("user", user_id, USER_RATE):
            raise Refusal(errors.RATE_LIMITED)
        if base_id and not self._takes("base", base_id, RATE):
            raise Refusal(errors.RATE_LIMITED)

    def _takes(self, kind: str, key: str, rate: float) -> bool:
        now = self._monotonic()
        bucket = self._buckets.setdefault((kind, key), _Bucket(rate, rate, now))
        return bucket.takes(now, is_strict=self._mode == "strict")
