"""Measures of CSV rows: counts, means, quantiles, and what is missing or repeated."""

import statistics
from collections import Counter
from collections.abc import Iterable

from flights.original import Row, day_of


def numbers(rows: Iterable[Row], column: str) -> list[float]:
    """The values of a column that are there, sorted."""
    return sorted(float(row[column]) for row in rows if column in row)


def mean(values: list[float]) -> float:
    """The mean to six decimals."""
    return round(statistics.fmean(values), 6)


def quantile(values: list[float], part: float) -> float:
    """The value under which `part` of the sorted `values` lie, interpolated."""
    place = part * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


def missing(rows: list[Row]) -> dict[str, int]:
    """How many rows lack each column, of the columns that some rows have and others lack."""
    columns = dict.fromkeys(column for row in rows for column in row)
    lacking = {column: sum(column not in row for row in rows) for column in columns}
    return {column: times for column, times in lacking.items() if times}


def tally(rows: Iterable[Row], column: str) -> dict[str, int]:
    """How many rows each value has, commonest first."""
    counted = Counter(row[column] for row in rows if column in row)
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def first(counted: dict[str, int]) -> tuple[str, int]:
    """The commonest value and its count."""
    return next(iter(counted.items()))


def over(flights: Iterable[Row], column: str, limit: float) -> list[Row]:
    """The rows whose column is there and greater than `limit`."""
    return [row for row in flights if column in row and float(row[column]) > limit]


def of(rows: Iterable[Row], column: str, value: str) -> list[Row]:
    """The rows with that value."""
    return [row for row in rows if row.get(column) == value]


def having(rows: Iterable[Row], column: str, word: str) -> int:
    """How many rows have `word` in the column, whatever the case."""
    return sum(word.casefold() in row.get(column, "").casefold() for row in rows)


def repeated_tails(flights: Iterable[Row]) -> Counter[tuple[str, str]]:
    """Flights a (tail number, day), only where there are several."""
    days = Counter((row["tailnum"], str(day_of(row))) for row in flights if "tailnum" in row)
    return Counter({key: times for key, times in days.items() if times > 1})


def status(flight: Row) -> str:
    """Cancelled without a departure, Diverted without an arrival delay, Late from 15 minutes on."""
    if "dep_time" not in flight:
        return "Cancelled"
    if "arr_delay" not in flight:
        return "Diverted"
    return "Late" if float(flight["arr_delay"]) >= 15 else "On time"


def mean_by(rows: Iterable[Row], group: str, column: str) -> dict[str, float]:
    """The mean of `column` for each value of `group` that has any."""
    known = [row for row in rows if column in row]
    return {value: mean(numbers(of(known, group, value), column)) for value in sorted(tally(known, group))}


def with_weather(flights: Iterable[Row], weather: Iterable[Row]) -> int:
    """How many flights have an observation at their origin in their hour."""
    observed = {(row["origin"], row["time_hour"]) for row in weather}
    return sum((row["origin"], row["time_hour"]) in observed for row in flights)


def without(rows: Iterable[Row], column: str, known: Iterable[Row], key: str) -> dict[str, int]:
    """How many rows each value of `column` has that is no `key` of `known`."""
    keys = {row[key] for row in known}
    return {value: times for value, times in tally(rows, column).items() if value not in keys}


def most_miles(flights: Iterable[Row], planes: Iterable[Row]) -> dict[str, int]:
    """The five planes with most miles over flights with an air time."""
    registered = {row["tailnum"] for row in planes}
    miles: Counter[str] = Counter()
    for row in flights:
        if "air_time" in row and row.get("tailnum") in registered:
            miles[row["tailnum"]] += int(row["distance"])
    return dict(sorted(miles.items(), key=lambda item: (-item[1], item[0]))[:5])
