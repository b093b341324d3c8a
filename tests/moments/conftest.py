"""Case files: a row is a line, its columns stand between bars, its first line says what they are."""

from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "cases(file): run the test once for each row of the file, as `case`")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("cases")
    if marker:
        metafunc.parametrize("case", _rows(marker.args[0]))


def _rows(file: str) -> list[tuple[str, ...]]:
    lines = (CASES / file).read_text(encoding="utf-8").splitlines()
    return [tuple(cell.strip() for cell in line.split(" | ")) for line in lines if not line.startswith("#")]
