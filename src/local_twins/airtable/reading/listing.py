"""Lists of records: filtered, sorted, limited, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Table, View
from local_twins.airtable.reading.filtering import matching_ids
from local_twins.airtable.reading.iterators import Iterators, Place
from local_twins.airtable.reading.query import ListQuery, SortKey
from local_twins.airtable.reading.sorting import in_order


@dataclass(frozen=True, slots=True)
class Page:
    """Some records, and the offset of those that follow, None at the end."""

    rows: Sequence[Row]
    offset: str | None


def list_page(records: Records, iterators: Iterators, table: Table, query: ListQuery) -> Page:
    """The page that the query's offset leads to, the first one without. Raises Refusal."""
    if query.offset:
        place = iterators.find(query.offset, table.id)
    else:
        place = Place(table.id, 0, order=order_of(records, table, query))
    limit = query.page_size
    if query.max_records is not None:
        limit = min(limit, query.max_records - place.given)
    read = _next_in_table if place.order is None else _next_in_order
    rows, following = read(records, table, place, limit)
    is_enough = limit == 0 or place.given + limit == query.max_records
    more = len(following) > 0 and not is_enough
    return Page(rows, iterators.keep(_moved(place, rows, limit), following[0]) if more else None)


def order_of(records: Records, table: Table, query: ListQuery) -> tuple[str, ...] | None:
    """The ids of all records that the query finds, in order; None where that is just the table."""
    sort = query.sort or _view_sort(table, query.view)
    formulas = [text for text in (query.view.filter if query.view else "", query.filter) if text]
    if not sort and not formulas:
        return None
    ids = matching_ids(records, table, formulas) if formulas else None
    if not sort:
        return tuple(ids or ())
    rows = records.in_table(table) if ids is None else records.load(ids)
    return tuple(row.id for row in in_order(records, rows, sort))


def _next_in_table(
    records: Records, table: Table, place: Place, limit: int
) -> tuple[list[Row], Sequence[str]]:
    """The rows after a place in the order of the table, and the id of the one behind them."""
    rows = records.page(table, place.after, limit + 1)
    return rows[:limit], [row.id for row in rows[limit:]]


def _next_in_order(
    records: Records, _table: Table, place: Place, limit: int
) -> tuple[list[Row], Sequence[str]]:
    """The rows at a place of a fixed order, and the id of the one behind them."""
    order = place.order or ()
    end = place.after + limit
    return records.load(order[place.after : end]), order[end : end + 1]


def _moved(place: Place, rows: Sequence[Row], limit: int) -> Place:
    after = place.after + limit if place.order is not None else rows[-1].seq
    return Place(place.table_id, place.given + limit, after, place.order)


def _view_sort(table: Table, view: View | None) -> tuple[SortKey, ...]:
    """The view's own order, by the fields that are still there."""
    keys: list[tuple[Any, bool]] = [
        (table.field(key.get("field") or key.get("fieldId") or ""), key.get("direction") == "desc")
        for key in (view.sort if view else ())
    ]
    return tuple(SortKey(field, descending) for field, descending in keys if field is not None)
