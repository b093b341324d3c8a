"""Time zones by name, and the way between an instant and the clock on the wall."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from moments.errors import MomentOutOfRange, UnknownZone

# Airtable's "client" means the zone of the reader's browser; a server has none, so it is UTC.
_UTC_NAMES = frozenset({"utc", "client", "etc/utc"})


@lru_cache(maxsize=1024)
def resolve_zone(name: str) -> tzinfo:
    """The zone called `name`: "utc", "GMT", "client" or an IANA name, in any case.

    Raises UnknownZone, which carries the names that come close.
    """
    folded = name.strip().lower()
    if folded in _UTC_NAMES:
        return UTC
    known = _zone_names()
    if folded not in known:
        raise UnknownZone(name, known.values())
    return ZoneInfo(known[folded])


def to_wall(instant: datetime, zone: tzinfo) -> datetime:
    """`instant` as the clocks of `zone` show it; raises MomentOutOfRange at the ends of time."""
    try:
        return instant.astimezone(zone)
    except OverflowError:
        raise MomentOutOfRange from None


def from_wall(wall: datetime, zone: tzinfo, *, offset: timedelta | None = None) -> datetime:
    """The instant at which the clocks of `zone` show `wall`, a naive datetime.

    Of a time that happens twice it is the first, unless only the second one has the `offset` from UTC;
    a time that never happens moves forward by the gap (moment-timezone does both). Raises
    MomentOutOfRange at the ends of time.
    """
    aware = wall.replace(tzinfo=zone)
    if zone is UTC:
        return aware
    try:
        return _chosen(aware, offset).astimezone(UTC)
    except OverflowError:
        raise MomentOutOfRange from None


def _chosen(aware: datetime, offset: timedelta | None) -> datetime:
    first, second = aware.utcoffset(), aware.replace(fold=1).utcoffset()
    happens_twice = first is not None and second is not None and second < first
    return aware.replace(fold=1) if happens_twice and second == offset else aware


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    return {name.lower(): name for name in sorted(available_timezones())}
