"""What a field's numbers are like: their spread, and those that stand apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import frexp, fsum, isfinite, ldexp, sqrt
from typing import Any

from pyairtable_mcp.analysis.profiles.column import Cell, Column, Sighting

_FENCE = 1.5  # times the quartiles' distance, beyond the quartiles (Tukey, 1977)
_FENCE_OF_DEVIATIONS = 3.0
_ENOUGH_FOR_OUTLIERS = 5
_TOLD = (5, 25, 50, 75, 95)


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """`quantiles` are those of 5, 25, 50, 75 and 95 percent, with linear interpolation between neighbours.

    `stdev` is the sample's (n - 1), None for one number. `outliers` lie more than one and a half times the
    quartiles' distance beyond the quartiles or, where that distance is 0, more than three standard
    deviations from the mean; the farthest comes first; fewer than five numbers have none.
    """

    count: int
    min: float
    max: float
    mean: float
    quantiles: tuple[float, ...]
    stdev: float | None
    negative_count: int
    zero_count: int
    all_whole: bool
    outliers: Sighting

    @property
    def median(self) -> float:
        """The middle number."""
        return self.quantiles[2]

    def to_json(self) -> dict[str, Any]:
        """{min, max, avg, median, stdev, quantiles {p5 ...}, negative_count, zero_count, outlier_count}."""
        return {
            "min": self.min,
            "max": self.max,
            "avg": self.mean,
            "median": self.median,
            "stdev": self.stdev,
            "quantiles": {f"p{told}": at for told, at in zip(_TOLD, self.quantiles, strict=True)},
            "negative_count": self.negative_count,
            "zero_count": self.zero_count,
            "outlier_count": self.outliers.count,
        }


def measure_numbers(column: Column) -> NumberFacts | None:
    """The facts of a column of numbers, None if it has none; what is no number is passed over."""
    cells = [cell for cell in column.members() if _is_number(cell.value)]
    if not cells:
        return None
    numbers = sorted(cell.value for cell in cells)
    mean, stdev = _mean_and_deviation(numbers)
    quantiles = tuple(quantile(numbers, percent / 100) for percent in _TOLD)
    return NumberFacts(
        count=len(numbers),
        min=numbers[0],
        max=numbers[-1],
        mean=mean,
        quantiles=quantiles,
        stdev=stdev,
        negative_count=sum(number < 0 for number in numbers),
        zero_count=sum(number == 0 for number in numbers),
        all_whole=all(float(number).is_integer() for number in numbers),
        outliers=_outliers(cells, quantiles[1], quantiles[3], mean, stdev or 0.0),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The number below which that share of the ordered ones lies; linear between neighbours."""
    place = share * (len(ordered) - 1)
    below = int(place)
    rest = place - below
    if not rest:
        return ordered[below]
    # Weighed rather than subtracted: the difference of two large numbers may be no double.
    return ordered[below] * (1 - rest) + ordered[below + 1] * rest


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _mean_and_deviation(numbers: Sequence[float]) -> tuple[float, float | None]:
    """Both computed near 1, by a power of two, so that neither sums nor squares leave a double's range."""
    _, exponent = frexp(max(abs(numbers[0]), abs(numbers[-1])))
    scaled = [ldexp(number, -exponent) for number in numbers]
    mean = fsum(scaled) / len(scaled)
    if len(scaled) == 1:
        return ldexp(mean, exponent), None
    squares = fsum((number - mean) ** 2 for number in scaled)
    return ldexp(mean, exponent), _grown(sqrt(squares / (len(scaled) - 1)), exponent)


def _grown(number: float, exponent: int) -> float | None:
    try:
        return ldexp(number, exponent)
    except OverflowError:
        return None


def _outliers(cells: Sequence[Cell], lower: float, upper: float, mean: float, stdev: float) -> Sighting:
    if len(cells) < _ENOUGH_FOR_OUTLIERS:
        return Sighting()
    reach = _FENCE * (upper - lower)
    if not reach:
        lower, upper, reach = mean, mean, _FENCE_OF_DEVIATIONS * stdev
    low, high = lower - reach, upper + reach
    beyond = [cell for cell in cells if not low <= cell.value <= high]
    return Sighting.of(sorted(beyond, key=lambda cell: -max(low - cell.value, cell.value - high)))
