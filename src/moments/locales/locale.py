"""A locale: how one language names, counts and writes dates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from moments.locales.eras import COMMON_ERA, Era
from moments.locales.meridiems import AM_PM, Meridiem
from moments.locales.ordinals import Ordinals
from moments.locales.plurals import Relative


@dataclass(frozen=True, slots=True)
class Names:
    """The names of months or weekdays, with the cases in which a language bends them.

    `cases` pairs a regular expression over the whole pattern with the names to use where it is found;
    the first that is found wins, `plain` is used otherwise.
    """

    plain: tuple[str, ...]
    cases: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def within(self, pattern: str) -> tuple[str, ...]:
        """The names to write in `pattern`."""
        return next((bent for case, bent in self.cases if re.search(case, pattern)), self.plain)

    def forms(self) -> set[tuple[str, int]]:
        """Every form of every name with its index: what a reader looks for."""
        every = (self.plain, *(bent for _, bent in self.cases))
        return {(name, index) for names in every for index, name in enumerate(names)}


def names(text: str, *cases: tuple[str, tuple[str, ...]]) -> Names:
    """Names from text that parts them by "|"."""
    return Names(tuple(text.split("|")), cases)


def bent(case: str, text: str) -> tuple[str, tuple[str, ...]]:
    """The names to use in patterns where the regular expression `case` is found."""
    return case, tuple(text.split("|"))


# Where a day of the month stands before the month, many languages bend its name.
AFTER_A_DAY = r"D[oD]?(\[[^\[\]]*\]|\s)+MMMM?"


@dataclass(frozen=True, slots=True, eq=False)
class Locale:
    """How one language, or one country's variant of it, names, counts and writes dates.

    `name` is Moment's, lower case: "en", "pt-br". Names of weekdays begin with Sunday. `formats` holds
    the patterns behind LT, LTS, L, LL, LLL and LLLL (and l to llll where they are not the same made
    short). Weeks begin on `first_weekday` (0 is Sunday), and week 1 holds day `week_anchor` of January.
    """

    name: str
    months: Names
    months_short: Names
    weekdays: Names
    weekdays_short: Names
    weekdays_min: Names
    formats: Mapping[str, str]
    relative: Relative
    ordinals: Ordinals
    meridiem: Meridiem = AM_PM
    first_weekday: int = 1
    week_anchor: int = 4
    eras: tuple[Era, ...] = COMMON_ERA

    def long_form(self, token: str) -> str | None:
        """The pattern behind `token`, one of LT LTS L LL LLL LLLL l ll lll llll; None for any other."""
        return self.formats.get(token) or _shortened(self.formats.get(token.upper()))

    def era_of(self, day: date) -> Era:
        """The era in which `day` lies."""
        return next(era for era in self.eras if era.since <= day <= era.until)


_TOKENS = re.compile(r"\[[^\[]*\]|M+|D+|d+")
# l is L with these four tokens a letter shorter (Moment: longDateFormat).
_SHORTENED = frozenset({"MMMM", "MM", "DD", "dddd"})


def _shortened(pattern: str | None) -> str | None:
    return pattern and _TOKENS.sub(lambda match: match[0][match[0] in _SHORTENED :], pattern)
