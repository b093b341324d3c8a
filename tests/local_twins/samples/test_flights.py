"""NYC Flights 2013 as shipped holds what the original CSV files say."""

from collections import Counter
from typing import Any

import pytest

Model = dict[str, Any]

FLIGHT_FIELDS = {
    "dep_time": "Departed at",
    "dep_delay": "Departure delay",
    "arr_time": "Arrived at",
    "arr_delay": "Arrival delay",
    "tailnum": "Tail number",
    "air_time": "Air time",
}
WEATHER_FIELDS = {"wind_dir": "Wind direction", "pressure": "Pressure", "wind_gust": "Wind gust"}
PLANE_FIELDS = {"year": "Year built", "speed": "Cruising speed"}


def rows(document: Model, name: str) -> list[Model]:
    base = document["bases"][0]
    table = next(table for table in base["tables"] if table["name"] == name)
    return [record["fields"] for record in base["records"][table["id"]]]


@pytest.mark.parametrize("name", ["Airlines", "Airports", "Planes", "Weather", "Flights"])
def test_each_table_has_the_rows_of_its_file(flights: Model, figures: Model, name: str) -> None:
    assert len(rows(flights, name)) == figures[name.lower()]


@pytest.mark.parametrize(
    ("name", "fields"), [("Flights", FLIGHT_FIELDS), ("Weather", WEATHER_FIELDS), ("Planes", PLANE_FIELDS)]
)
def test_what_the_files_miss_is_absent(
    flights: Model, figures: Model, name: str, fields: dict[str, str]
) -> None:
    table = rows(flights, name)
    lacking = {column: sum(field not in row for row in table) for column, field in fields.items()}

    assert lacking == figures[f"missing_in_{name.lower()}"]


def test_delays_and_distances_are_those_of_the_file(flights: Model, figures: Model) -> None:
    table = rows(flights, "Flights")
    delays = [row["Departure delay"] for row in table if "Departure delay" in row]

    assert round(sum(delays) / len(delays), 6) == figures["departure_delay_mean"]
    assert (min(delays), max(delays)) == (figures["departure_delay_min"], figures["departure_delay_max"])
    assert sum(row["Distance"] for row in table) == figures["distance_sum"]


def test_flights_spread_over_days_and_weather_as_in_the_file(flights: Model, figures: Model) -> None:
    table = rows(flights, "Flights")

    assert Counter(str(int(row["Date"][-2:])) for row in table) == figures["flights_by_day"]
    assert sum("Weather" in row for row in table) == figures["flights_with_weather"]
    unknown = Counter(row["Destination code"] for row in table if "Destination" not in row)
    assert unknown == figures["unknown_destinations"]
