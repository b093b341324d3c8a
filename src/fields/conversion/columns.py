"""A whole column before its type is changed: what every value would become."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fields.cell import Cell, Options, mapping
from fields.conversion.converting import Converted, Loss, convert
from fields.name_lists import unique
from fields.problems import column
from fields.types.choices import choice_names

_WORST_FIRST: tuple[Loss, ...] = ("impossible", "lossy")


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """`converted` has one member for each value, in order; `counts` says how many have each loss.

    `new_choices` are the names that a select would have to gain, in order of appearance.
    """

    converted: tuple[Converted, ...]
    counts: Mapping[Loss, int]
    new_choices: tuple[str, ...] = ()

    @property
    def loss(self) -> Loss:
        """The worst that happens to any value."""
        return next((loss for loss in _WORST_FIRST if self.counts.get(loss)), "lossless")

    def losses(self) -> tuple[tuple[int, Converted], ...]:
        """The values that lose something, each with its place in the column."""
        return tuple((index, made) for index, made in enumerate(self.converted) if made.loss != "lossless")


def convert_column(
    values: Iterable[Any], from_type: str, to_type: str, *, to_options: Options | None = None, **others: Any
) -> ColumnPreview:
    """What `convert` makes of every value; takes the same options. Raises NotAColumn."""
    converted = tuple(
        convert(value, from_type, to_type, to_options=to_options, **others) for value in column(values)
    )
    counts: Mapping[Loss, int] = Counter(made.loss for made in converted)
    chosen = _chosen(converted) if to_type in ("singleSelect", "multipleSelects") else ()
    return ColumnPreview(converted, counts, tuple(name for name in chosen if name not in _listed(to_options)))


def _chosen(converted: Iterable[Converted]) -> list[str]:
    """Every name that any of the new values has."""
    values = (made.value for made in converted if made.value is not None)
    return unique(name for value in values for name in (value if isinstance(value, list) else [value]))


def _listed(options: Options | None) -> set[str]:
    return set(choice_names(Cell("Select", mapping(options))) or ())
