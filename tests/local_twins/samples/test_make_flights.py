"""The script turns CSV files into the base: the same bytes each time, nothing but what the files say."""

import gzip
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Model = dict[str, Any]
MakeFlights = Callable[..., Path]

INVENTED = Path(__file__).parent / "invented"


def rows(path: Path, name: str) -> list[Model]:
    base = json.loads(gzip.decompress(path.read_bytes()))["bases"][0]
    table = next(table for table in base["tables"] if table["name"] == name)
    return [{"id": record["id"], **record["fields"]} for record in base["records"][table["id"]]]


def packed(folder: Path) -> Path:
    """The invented files as the sdist has them: in a tar archive, the flights zipped."""
    flights = folder / "flights.csv.zip"
    with zipfile.ZipFile(flights, "w") as inner:
        inner.write(INVENTED / "flights.csv", "flights.csv")
    archive = folder / "invented-0.0.1.tar.gz"
    with tarfile.open(archive, "w:gz") as outer:
        outer.add(flights, "invented-0.0.1/data/flights.csv.zip")
        for name in ("airlines", "airports", "planes", "weather"):
            outer.add(INVENTED / f"{name}.csv", f"invented-0.0.1/data/{name}.csv")
    return archive


def test_the_same_files_give_the_same_bytes(make_flights: MakeFlights) -> None:
    first = make_flights(name="first.json.gz").read_bytes()
    second = make_flights(name="second.json.gz").read_bytes()

    assert first == second
    assert first[4:8] == bytes(4)  # gzip's time of packing


def test_an_archive_gives_what_its_folder_gives(make_flights: MakeFlights, tmp_path: Path) -> None:
    from_folder = make_flights(name="folder.json.gz").read_bytes()
    from_archive = make_flights(source=packed(tmp_path), name="archive.json.gz").read_bytes()

    assert from_archive == from_folder


def test_a_slice_keeps_ids_and_holds_only_its_days_and_the_planes_that_fly_in_them(
    make_flights: MakeFlights,
) -> None:
    year = make_flights("--full", name="year.json.gz")
    day = make_flights("--days", "1", name="day.json.gz")

    assert [len(rows(year, name)) for name in ("Flights", "Planes", "Weather")] == [4, 2, 2]
    assert [len(rows(day, name)) for name in ("Flights", "Planes", "Weather")] == [1, 1, 1]
    assert rows(day, "Flights") == rows(year, "Flights")[:1]


def test_a_missing_value_is_absent_and_a_zero_stays(make_flights: MakeFlights) -> None:
    base = make_flights("--full")
    on_time, cancelled = rows(base, "Flights")[:2]

    assert on_time["Departure delay"] == 0
    assert {"Departed at", "Departure delay", "Tail number", "Plane", "Air time"} & set(cancelled) == set()
    assert "Year built" not in rows(base, "Planes")[0]
    assert rows(base, "Weather")[0]["Temperature"] == 0


def test_scheduled_departures_are_instants_in_winter_and_in_summer(make_flights: MakeFlights) -> None:
    winter, *_, summer = rows(make_flights("--full"), "Flights")

    assert (winter["Date"], winter["Scheduled departure"]) == ("2013-01-01", "2013-01-01T10:17:00.000Z")
    assert (summer["Date"], summer["Scheduled departure"]) == ("2013-07-01", "2013-07-01T09:00:00.000Z")


def test_clocks_are_text_and_keep_midnight_as_the_file_has_it(make_flights: MakeFlights) -> None:
    flight = rows(make_flights(), "Flights")[0]

    assert (flight["Departed at"], flight["Arrived at"], flight["Scheduled arrival"]) == (
        "05:17",
        "24:00",
        "08:19",
    )


def test_a_flight_links_to_what_the_files_know_and_keeps_the_code_of_what_they_do_not(
    make_flights: MakeFlights,
) -> None:
    base = make_flights()
    known, cancelled, unregistered = rows(base, "Flights")

    assert known["Plane"] == [rows(base, "Planes")[0]["id"]]
    assert known["Weather"] == [rows(base, "Weather")[0]["id"]]
    assert known["Airline"] == [rows(base, "Airlines")[0]["id"]]
    assert ("Destination" in cancelled, cancelled["Destination code"]) == (False, "SJU")
    assert ("Plane" in unregistered, unregistered["Tail number"]) == (False, "N9NOTREG")
    assert "Weather" not in unregistered


def test_figures_are_those_of_the_files(make_flights: MakeFlights) -> None:
    written = json.loads(make_flights("--full", name="figures.json").read_text(encoding="utf-8"))
    figures = {name: figure["value"] for name, figure in written["figures"].items()}

    assert (figures["flights"], figures["planes"], figures["weather"]) == (4, 2, 2)
    assert figures["flights_by_carrier"] == {"ZZ": 3, "YY": 1}
    assert figures["flights_by_status"] == {"Late": 2, "On time": 1, "Cancelled": 1}
    assert figures["departure_delay_count"] == 3
    assert figures["departure_delay_mean"] == round((0 + 3 + 1139) / 3, 6)
    assert figures["departure_delay_p25"] == 1.5
    assert figures["missing_in_flights"]["tailnum"] == 1
    assert figures["unknown_destinations"] == {"SJU": 1}
    assert figures["unregistered_tails"] == 1
    assert figures["flights_with_weather"] == 2
    assert all(figure["how"] for figure in written["figures"].values())
