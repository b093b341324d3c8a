"""Redis that does not answer, told as the gateway tells all failures."""

from collections.abc import Iterator
from contextlib import contextmanager

from redis.exceptions import RedisError

from airtable_gateway.errors import Unreachable


@contextmanager
def redis_faults() -> Iterator[None]:
    """Raises Unreachable in place of an error of Redis; nothing was sent to Airtable."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise Unreachable(
            "The Redis that keeps the pace of all processes does not answer, so nothing was sent.",
            hint="Check REDIS_URL and that Redis runs, then call again.",
            may_be_applied=False,
        ) from error
