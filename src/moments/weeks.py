"""Weeks of the year as Airtable's WEEKNUM counts them."""

from datetime import datetime

from moments.calendar import week_and_year
from moments.zones import resolve_zone, to_wall


def week_of_year(instant: datetime, *, time_zone: str = "utc", first_day: int = 0) -> int:
    """The week in which `instant` lies, 1 to 53; week 1 is the one that holds 1 January.

    The last days of December that share a week with it are in week 1 too, as in Moment. Weeks begin on
    `first_day`: 0 is Sunday, 1 is Monday. Raises UnknownZone.
    """
    wall = to_wall(instant, resolve_zone(time_zone))
    return week_and_year(wall.toordinal(), wall.year, first_day, 1)[1]
