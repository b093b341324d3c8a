"""What span a field's dates cover, and which of them are hardly meant."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pyairtable_mcp.analysis.profiles.column import Cell, Column, Sighting
from pyairtable_mcp.analysis.profiles.shapes import parse_moment

FAR_YEARS = 100
"""A date farther than this from now is rather a slip: 1026 for 2026, or an unset clock."""


@dataclass(frozen=True, slots=True)
class DateFacts:
    """`earliest` and `latest` as written; without a `now`, `future_count` is None and `far` is empty."""

    earliest: str
    latest: str
    range_days: int
    future_count: int | None
    far: Sighting

    def to_json(self) -> dict[str, Any]:
        """{earliest, latest, range_days, future_count, far_count}."""
        return {
            "earliest": self.earliest,
            "latest": self.latest,
            "range_days": self.range_days,
            "future_count": self.future_count,
            "far_count": self.far.count,
        }


def measure_dates(column: Column, now: datetime | None) -> DateFacts | None:
    """The facts of a column of dates, None if it has none; a day counts from midnight UTC."""
    dated = [(moment, cell) for cell in column.members() if (moment := _moment(cell))]
    if not dated:
        return None
    (first, earliest), (last, latest) = (choose(dated, key=lambda pair: pair[0]) for choose in (min, max))
    return DateFacts(
        earliest=earliest.value,
        latest=latest.value,
        range_days=(last - first).days,
        future_count=sum(moment > now for moment, _ in dated) if now else None,
        far=Sighting.of(cell for moment, cell in dated if now and abs(moment.year - now.year) > FAR_YEARS),
    )


def _moment(cell: Cell) -> datetime | None:
    moment = parse_moment(cell.value) if isinstance(cell.value, str) else None
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
