"""A window of a list: as many rows as there is room for, and not one too few."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from airtable_gateway import Record, RecordPage, RecordQuery
from pyairtable_mcp.answers.budget import size
from pyairtable_mcp.cursors import Position
from pyairtable_mcp.reading.windows import record_row, window

LIST: Any = ("Work", "Tasks")


class Pages:
    """A gateway to a list of records whose cells are so many characters long, page by page."""

    def __init__(self, lengths: list[list[int]]) -> None:
        self.pages = [
            [
                Record(f"rec{page}-{index}", "", {"Text": "x" * length})
                for index, length in enumerate(lengths[page])
            ]
            for page in range(len(lengths))
        ]

    async def page(self, *_place, offset, **_):
        number = int(offset or 0)
        after = str(number + 1) if number + 1 < len(self.pages) else None
        return RecordPage(self.pages[number], after)


@given(
    lengths=st.lists(st.lists(st.integers(0, 40), max_size=5), min_size=1, max_size=4),
    limit=st.integers(1, 12),
    budget=st.integers(0, 900),
)
async def test_a_window_ends_at_its_limit_or_with_the_row_that_goes_beyond_its_budget(lengths, limit, budget):
    gateway: Any = Pages(lengths)
    rows = list[dict[str, Any]]()
    used = 0
    for record in [record for page in gateway.pages for record in page]:
        if len(rows) < limit and used <= budget:
            rows.append(record_row(record))
            used += size(rows[-1])

    found = await window(gateway, LIST, RecordQuery(), start=Position(), limit=limit, budget=budget)

    assert found.rows == rows


async def test_a_window_goes_on_behind_any_of_its_rows():
    gateway: Any = Pages([[1, 2, 3], [], [4, 5]])
    whole = await window(gateway, LIST, RecordQuery(), start=Position(), limit=9, budget=9_000)

    for count, place in enumerate(whole.places[:-1], start=1):
        assert place is not None
        rest = await window(gateway, LIST, RecordQuery(), start=place, limit=9, budget=9_000)
        assert rest.rows == whole.rows[count:]
    assert whole.rest is None
