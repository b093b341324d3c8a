"""Both samples in the local Airtable: what it computes agrees with the original CSV files."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pyairtable import Api

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document

Model = dict[str, Any]

NEW_YORK = ZoneInfo("America/New_York")


class Base:
    """A base behind the Web API; tables are read once."""

    def __init__(self, api: Api, base_id: str) -> None:
        self._base = api.base(base_id)
        self._read: dict[str, list[Model]] = {}

    def rows(self, table: str) -> list[Model]:
        if table not in self._read:
            self._read[table] = [dict(record["fields"]) for record in self._base.table(table).all()]
        return self._read[table]

    def row(self, table: str, field: str, value: Any) -> Model:
        return next(row for row in self.rows(table) if row.get(field) == value)

    def view(self, table: str, view: str) -> list[Model]:
        return [dict(record["fields"]) for record in self._base.table(table).all(view=view)]

    def count(self, table: str, formula: str) -> int:
        return len(self._base.table(table).all(formula=formula))


@pytest.fixture(scope="module")
def api(flights: Model, studio: Model) -> Iterator[Api]:
    with Store.open(":memory:") as store:
        import_document(store, flights)
        import_document(store, studio)
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            yield Api("any", endpoint_url=url)


@pytest.fixture(scope="module")
def nyc(api: Api, flights: Model) -> Base:
    return Base(api, flights["bases"][0]["id"])


@pytest.fixture(scope="module")
def office(api: Api, studio: Model) -> Base:
    return Base(api, studio["bases"][0]["id"])


def errors(rows: list[Model]) -> list[Any]:
    """The error values among the cells."""
    cells = (
        cell
        for row in rows
        for value in row.values()
        for cell in (value if isinstance(value, list) else [value])
    )
    return [cell for cell in cells if isinstance(cell, dict) and {"error", "specialValue"} & set(cell)]


@pytest.mark.parametrize("table", ["Airlines", "Airports", "Planes", "Weather", "Flights"])
def test_every_row_arrives_and_no_formula_fails(nyc: Base, figures: Model, table: str) -> None:
    assert len(nyc.rows(table)) == figures[table.lower()]
    assert errors(nyc.rows(table)) == []


@pytest.mark.parametrize("table", ["Clients", "Projects", "Tasks", "People", "Invoices", "Equipment"])
def test_no_formula_of_studio_fails(office: Base, table: str) -> None:
    assert office.rows(table)
    assert errors(office.rows(table)) == []


def test_airlines_count_their_flights_and_average_their_delays(nyc: Base, figures: Model) -> None:
    counts = {row["Code"]: row["Flight count"] for row in nyc.rows("Airlines") if row.get("Flight count")}
    means = {
        row["Code"]: row["Average departure delay"]
        for row in nyc.rows("Airlines")
        if row["Code"] in figures["departure_delay_mean_by_carrier"]
    }

    assert counts == figures["flights_by_carrier"]
    assert means == pytest.approx(figures["departure_delay_mean_by_carrier"], abs=1e-6)
    assert sum(row.get("Delayed flights", 0) for row in nyc.rows("Airlines")) == figures["departed_late"]


def test_airports_average_the_delay_of_arrivals(nyc: Base, figures: Model) -> None:
    of_file = figures["arrival_delay_mean_by_destination"]
    means = {
        row["Code"]: row["Average arrival delay"] for row in nyc.rows("Airports") if row["Code"] in of_file
    }

    assert means == pytest.approx(
        {code: mean for code, mean in of_file.items() if code not in figures["unknown_destinations"]},
        abs=1e-6,
    )


def test_departures_are_counted_at_their_airports(nyc: Base, figures: Model) -> None:
    counts = {
        row["Code"]: row["Departure count"] for row in nyc.rows("Airports") if row.get("Departure count")
    }

    assert counts == figures["flights_by_origin"]


def test_planes_sum_their_miles(nyc: Base, figures: Model) -> None:
    miles = {row["Tail number"]: row.get("Miles flown", 0) for row in nyc.rows("Planes")}
    most = dict(sorted(miles.items(), key=lambda item: (-item[1], item[0]))[:5])

    assert most == figures["most_miles_by_plane"]


def test_status_tells_late_cancelled_and_diverted_apart(nyc: Base, figures: Model) -> None:
    assert Counter(row["Status"] for row in nyc.rows("Flights")) == figures["flights_by_status"]


def test_a_flight_has_a_readable_name_and_looks_up_its_links(nyc: Base) -> None:
    flight = nyc.row("Flights", "Flight", "UA 1545 EWR-IAH 2013-01-01 05:15")

    assert flight["Speed"] == 370  # 1,400 miles in 227 minutes
    assert flight["Time made up"] == 2 - 11
    assert flight["Airline name"] == ["United Air Lines Inc."]
    assert flight["Seats"] == [149]
    assert flight["Origin temperature"] == [39.02]


def test_actual_departures_are_at_the_clock_that_the_file_has(nyc: Base) -> None:
    departed = [row for row in nyc.rows("Flights") if "Departed at" in row]

    for row in departed:
        local = datetime.fromisoformat(row["Actual departure"]).astimezone(NEW_YORK)
        assert f"{local:%H:%M}" == row["Departed at"].replace("24:00", "00:00")
    assert not any("Actual departure" in row for row in nyc.rows("Flights") if "Departed at" not in row)


def test_views_filter_and_sort(nyc: Base, figures: Model) -> None:
    late = [row["Departure delay"] for row in nyc.view("Flights", "More than an hour late")]
    longest = nyc.view("Flights", "Longest flights first")

    assert len(late) == figures["late_over_60"]
    assert late == sorted(late, reverse=True)
    assert longest[0]["Distance"] == figures["distance_max"]


def test_filters_count_what_the_files_count(nyc: Base, figures: Model) -> None:
    late = nyc.count("Flights", 'AND({Departure delay} > 60, {Origin} = "JFK")')
    airbus = nyc.count("Planes", 'SEARCH("airbus", LOWER({Manufacturer}))')

    assert late == figures["late_over_60_from_jfk"]
    assert airbus == figures["planes_airbus"]


def test_studio_keeps_who_made_what_and_its_numbers(office: Base, studio: Model) -> None:
    tables = {table["name"]: table["id"] for table in studio["bases"][0]["tables"]}
    given = studio["bases"][0]["records"][tables["Tasks"]]
    told = ("Title", "Number", "Created by", "Modified by", "Modified", "Order")

    assert [[row.get(name) for name in told] for row in office.rows("Tasks")] == [
        [record["fields"].get(name) for name in told] for record in given
    ]


def test_studio_computes_money_names_and_buttons(office: Base) -> None:
    shop = office.row("Projects", "Name", "Web shop")
    credit = office.row("Invoices", "Sequence", 5)
    harbour = office.row("Clients", "Name", "Harbour & Sons")

    assert (shop["Invoiced"], shop.get("Budget left", 0), shop["Task count"]) == (42000, 0, 5)
    assert shop["Estimated time"] == (12 + 60 + 40 + 16 + 8) * 3600
    assert (credit["Invoice"], credit["Total"]) == ("INV-0005", -411.4)
    assert credit["Remind"]["url"] == "mailto:office@example.com?subject=INV-0005"
    assert harbour["Open site"] == {"label": "Open site", "url": "https://harbour.example.com"}
    assert harbour["Total budget"] == shop["Budget"]


def test_a_task_that_was_due_is_overdue_until_it_is_done(office: Base) -> None:
    assert office.row("Tasks", "Title", "Photos of the harbour")["Overdue?"] == "Overdue"
    assert "Overdue?" not in office.row("Tasks", "Title", "Draw wheat")
