"""Which bases and tables a server may use, as its owner lists them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AllowList:
    """Names or ids; an empty one allows everything of its kind."""

    bases: Sequence[str] = ()
    tables: Sequence[str] = ()

    def base(self, *names: str) -> bool:
        """Whether a base with one of these names or ids is allowed."""
        return not self.bases or _meets(self.bases, names)

    def table(self, *names: str) -> bool:
        """Whether a table with one of these names or ids is allowed."""
        return not self.tables or _meets(self.tables, names)


EVERYTHING = AllowList()


def _meets(listed: Sequence[str], names: Sequence[str]) -> bool:
    folded = {entry.strip().casefold() for entry in listed}
    return any(name.strip().casefold() in folded for name in names)
