"""Dates written by a pattern, as Moment writes them."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from moments.locales import Locale, resolve_locale
from moments.tokens import expand, pieces
from moments.writers import NAME_WRITERS, WRITERS, Writer
from moments.zones import resolve_zone, to_wall


def format_moment(instant: datetime, pattern: str, *, time_zone: str = "utc", locale: str = "en") -> str:
    """`instant` in the words of `pattern`: Moment's tokens, [words taken as they are], all else itself.

    Raises UnknownZone and UnknownLocale.
    """
    language = resolve_locale(locale)
    wall = to_wall(instant, resolve_zone(time_zone))
    return _compiled(pattern, language).write(wall, language)


@dataclass(frozen=True, slots=True)
class _Format:
    """A pattern made ready: a template with a gap for each token, and what fills the gaps."""

    template: str
    writers: tuple[Writer, ...]

    def write(self, wall: datetime, locale: Locale) -> str:
        return self.template % tuple([writer(wall, locale) for writer in self.writers])


@lru_cache(maxsize=1024)
def _compiled(pattern: str, locale: Locale) -> _Format:
    expanded = expand(pattern, locale)
    template, writers = [], []
    for piece in pieces(expanded):
        writer = _writer(piece.text, locale, expanded) if piece.is_token else None
        template.append("%s" if writer else piece.text.replace("%", "%%"))
        writers += [writer] if writer else []
    return _Format("".join(template), tuple(writers))


def _writer(token: str, locale: Locale, pattern: str) -> Writer | None:
    by_name = NAME_WRITERS.get(token)
    return by_name(locale, pattern) if by_name else WRITERS.get(token)
