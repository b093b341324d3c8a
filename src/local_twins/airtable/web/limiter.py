"""Airtable's rate limit: five requests a second and base, in three degrees of strictness."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal

RateLimit = Literal["off", "bucket", "strict"]

RATE = 5.0
"""Requests a second for each base (docs: "Rate limits")."""
LOCK_SECONDS = 30.0
"""How long a base stays shut after a refusal (docs: "Rate limits")."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float
    locked_until: float = 0.0


class Limiter:
    """`bucket` refuses until a token is back, `strict` for thirty seconds, `off` never."""

    def __init__(self, mode: RateLimit, monotonic: Callable[[], float]) -> None:
        self._mode = mode
        self._monotonic = monotonic
        self._buckets: dict[str, _Bucket] = {}

    def admit(self, base_id: str) -> None:
        """Let a request on that base pass; those on no base ("") always may. Raises Refusal."""
        if base_id and not self.admits(base_id):
            raise Refusal(errors.RATE_LIMITED)

    def admits(self, base_id: str) -> bool:
        """Whether a request on that base may pass now; it takes a token if it may."""
        if self._mode == "off":
            return True
        now = self._monotonic()
        bucket = self._buckets.setdefault(base_id, _Bucket(RATE, now))
        bucket.tokens = min(RATE, bucket.tokens + (now - bucket.filled_at) * RATE)
        bucket.filled_at = now
        if now >= bucket.locked_until and bucket.tokens >= 1:
            bucket.tokens -= 1
            return True
        if self._mode == "strict" and now >= bucket.locked_until:
            bucket.locked_until = now + LOCK_SECONDS
        return False
