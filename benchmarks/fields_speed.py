"""What checking values costs: importing the package, and judging a record of thirty fields in strict mode."""

import statistics
import subprocess
import sys
import time
from typing import Any

from fields import check_record

IMPORTS = 9
ROUNDS = 400

ISO = {"name": "iso", "format": "YYYY-MM-DD"}
CHOICES = {"choices": [{"name": name} for name in ("Todo", "Doing", "Done")]}
# Type, options and a value of each of ten columns; a record has three of every kind.
PLAIN: list[tuple[str, dict[str, Any], Any]] = [
    ("singleLineText", {}, "Ada Lovelace"),
    ("multilineText", {}, "First line\nSecond line"),
    ("number", {"precision": 2}, 1234.5),
    ("currency", {"precision": 2, "symbol": "$"}, 99.95),
    ("rating", {"icon": "star", "max": 5, "color": "yellowBright"}, 4),
    ("checkbox", {"icon": "check", "color": "greenBright"}, True),
    ("singleSelect", CHOICES, "Done"),
    ("multipleSelects", CHOICES, ["Todo", "Done"]),
    ("date", {"dateFormat": ISO}, "2026-11-23"),
    ("url", {}, "https://example.com/a?b=c"),
]
CONTACTS: list[tuple[str, dict[str, Any], Any]] = [
    ("phoneNumber", {"default_region": "US"}, "(650) 253-0000"),
    ("email", {}, "ada@example.com"),
]


def main() -> None:
    """Print the medians of the import and of both records."""
    print(f"fields: import, median of {IMPORTS}; a record of 30 fields in strict mode, median of {ROUNDS}")
    print(f"  import fields              {import_milliseconds():6.1f} ms  (to hold: <= 60)")
    print(f"  without phone and email    {record_milliseconds(PLAIN * 3):6.3f} ms  (to hold: <= 0.5)")
    mixed = (PLAIN * 3)[: 30 - 3 * len(CONTACTS)] + CONTACTS * 3
    print(f"  with three of each         {record_milliseconds(mixed):6.3f} ms  (to hold: <= 1.5)")


def import_milliseconds() -> float:
    """The import as a fresh interpreter measures it, beyond what the interpreter itself needs."""
    script = "import time; begun = time.perf_counter(); import fields; print(time.perf_counter() - begun)"
    runs = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        for _ in range(IMPORTS)
    ]
    return statistics.median(map(float, runs)) * 1000


def record_milliseconds(columns: list[tuple[str, dict[str, Any], Any]]) -> float:
    """One record with a field for each of the columns, judged over and over."""
    table = {
        "primaryFieldId": "fld0",
        "fields": [
            {"id": f"fld{index}", "name": f"Field {index}", "type": type, "options": options}
            for index, (type, options, _) in enumerate(columns)
        ],
    }
    values = {f"Field {index}": value for index, (_, _, value) in enumerate(columns)}
    assert check_record(table, values).ok
    return statistics.median(milliseconds(table, values) for _ in range(ROUNDS))


def milliseconds(table: dict[str, Any], values: dict[str, Any]) -> float:
    """One judgement."""
    begun = time.perf_counter()
    check_record(table, values)
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
