"""Which field a reference in a formula means."""

from collections.abc import Collection, Iterable, Mapping

_INTERNAL = ("column_value_", "column_modified_time_")
"""Airtable's own stored formulas put these before the id of a field: {column_value_fldXXXXXXXXXXXXXX}."""


_ESCAPES = str.maketrans({"\\": "\\\\", "}": "\\}"})


def braced(name: str) -> str:
    """The reference to a field of any name."""
    return f"{{{name.translate(_ESCAPES)}}}"


class FieldNames:
    """The fields that a formula may name.

    `known` are their names; `ids` gives names by id. Unless `is_closed`, a name that is not known is taken as
    it stands, for a field that happens to have no value.
    """

    def __init__(
        self, known: Iterable[str], ids: Mapping[str, str], *, is_closed: bool, forgives_case: bool = True
    ) -> None:
        self.known: Collection[str] = dict.fromkeys([*known, *ids.values()])
        self.is_closed = is_closed
        self._ids = ids
        self._folded = _by_folded(self.known) if forgives_case else {}

    def resolve(self, reference: str) -> str | None:
        """The name of the field that `reference` means; None if there is none."""
        bare = _without_prefix(reference)
        if reference in self.known:
            return reference
        if bare in self._ids:
            return self._ids[bare]
        if bare in self.known:
            return bare
        alike = self._folded.get(reference.casefold(), [])
        if len(alike) == 1:
            return alike[0]
        return None if self.is_closed else reference


def _without_prefix(reference: str) -> str:
    return next((reference.removeprefix(each) for each in _INTERNAL if reference.startswith(each)), reference)


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The names that begin with `name`, then those most like it, at most three; capitals do not count."""
    from difflib import get_close_matches

    folded = {each.casefold(): each for each in known}
    wanted = name.casefold()[:100]
    longer = sorted((each for each in folded if each.startswith(wanted)), key=len)
    found = dict.fromkeys([*longer, *get_close_matches(wanted, folded, n=3)])
    return [folded[each] for each in found][:3]


def _by_folded(names: Iterable[str]) -> dict[str, list[str]]:
    folded: dict[str, list[str]] = {}
    for name in names:
        folded.setdefault(name.casefold(), []).append(name)
    return folded
