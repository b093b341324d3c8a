"""What can go wrong with dates.

MomentError
├── UnknownZone        no time zone has this name
├── UnknownLocale      no locale has this name
└── MomentOutOfRange   the result would lie outside the years 1 to 9999
"""

from collections.abc import Iterable
from difflib import get_close_matches


class MomentError(ValueError):
    """A date, a zone or a locale cannot be had; the message says why."""


class UnknownZone(MomentError):
    """There is no such time zone; `nearest` are the names that come close."""

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        self.name = name
        self.nearest = _nearest(name, known)
        super().__init__(_message("time zone", name, self.nearest))


class UnknownLocale(MomentError):
    """There is no such locale; `nearest` are the names that come close."""

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        self.name = name
        self.nearest = _nearest(name, known)
        super().__init__(_message("locale", name, self.nearest))


class MomentOutOfRange(MomentError):
    """The date would lie outside the years 1 to 9999."""

    def __init__(self) -> None:
        super().__init__("The date would lie outside the years 1 to 9999.")


# A name comes from a formula, and may be of any length.
_SHOWN = 64


def _nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    folded = {each.casefold(): each for each in known}
    return tuple(
        folded[match] for match in get_close_matches(name[:_SHOWN].casefold(), folded, n=3, cutoff=0.6)
    )


def _message(kind: str, name: str, nearest: tuple[str, ...]) -> str:
    suggestion = f"; did you mean {' or '.join(nearest)}?" if nearest else "."
    return f"There is no {kind} {name[:_SHOWN]!r}{suggestion}"
