"""Date tokens, locales and zones: what formula and fields share.

An instant is an aware UTC datetime, good to the millisecond. Nothing here reads a clock: where the day
matters, it is given as `now`. The rules are those of Moment.js 2.30, which Airtable uses.
"""

from moments.arithmetic import add, difference, start_of
from moments.errors import MomentError, MomentOutOfRange, UnknownLocale, UnknownZone
from moments.formatting import format_moment
from moments.iso import to_iso
from moments.locales import LOCALES, Locale, resolve_locale
from moments.loose import parse_loose
from moments.parsing import parse_moment
from moments.relative import humanise, humanise_between
from moments.units import Unit, unit_of
from moments.weeks import week_of_year
from moments.workdays import add_workdays, workdays_between
from moments.zones import resolve_zone

__all__ = [
    # Writing and reading
    "format_moment",
    "humanise",
    "humanise_between",
    "parse_loose",
    "parse_moment",
    "to_iso",
    # Reckoning
    "Unit",
    "add",
    "add_workdays",
    "difference",
    "start_of",
    "unit_of",
    "week_of_year",
    "workdays_between",
    # Zones and locales
    "LOCALES",
    "Locale",
    "resolve_locale",
    "resolve_zone",
    # Errors
    "MomentError",
    "MomentOutOfRange",
    "UnknownLocale",
    "UnknownZone",
]
