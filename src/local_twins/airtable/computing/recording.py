"""What a draft changes, record by record, as the change feed tells it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.model.rows import Row
from local_twins.airtable.model.schema import Field, Table

Json = dict[str, Any]


class Recording:
    """Remembers what cells held before they were changed, in the REST form; None is an empty cell."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._before: dict[str, Json] = defaultdict(dict)
        self._gone: dict[str, list[str]] = defaultdict(list)

    def was(self, row: Row, field: Field, value: Any) -> None:
        """Note what a cell of a record holds that is about to be changed; the first note counts."""
        self._before[row.id].setdefault(field.id, value)

    def is_dropped(self, row: Row) -> None:
        """Note that a record goes away."""
        self._gone[row.table_id].append(row.id)
        self._before.pop(row.id, None)

    def changes(self, made: Sequence[Row]) -> Json:
        """`changedTablesById` of the feed: what was created, changed and destroyed in each table."""
        told: dict[str, Json] = defaultdict(dict)
        for table in self._records.open_base.base.tables:
            if created := self._created(table, [row for row in made if row.table_id == table.id]):
                told[table.id]["createdRecordsById"] = created
            if changed := self._changed(table, made):
                told[table.id]["changedRecordsById"] = changed
            if table.id in self._gone:
                told[table.id]["destroyedRecordIds"] = self._gone[table.id]
        return dict(told)

    def _created(self, table: Table, rows: Sequence[Row]) -> Json:
        columns = [(field.id, self._records.column(field, rows)) for field in table.fields] if rows else []
        return {
            row.id: {
                "createdTime": row.created_time,
                "cellValuesByFieldId": {
                    key: column[place] for key, column in columns if column[place] is not None
                },
            }
            for place, row in enumerate(rows)
        }

    def _changed(self, table: Table, made: Iterable[Row]) -> Json:
        new = {row.id for row in made}
        loaded = (row for row in self._records.load(self._before) if row.id not in new)
        rows = [row for row in loaded if row.table_id == table.id]
        told: Json = {}
        for field in table.fields:
            touched = [row for row in rows if field.id in self._before[row.id]]
            values = self._records.column(field, touched) if touched else []
            for row, value in zip(touched, values, strict=True):
                if value != self._before[row.id][field.id]:
                    _tell(told, row, field, value, self._before[row.id][field.id])
        return told


def _tell(told: Json, row: Row, field: Field, value: Any, before: Any) -> None:
    change = told.setdefault(
        row.id, {"current": {"cellValuesByFieldId": {}}, "previous": {"cellValuesByFieldId": {}}}
    )
    change["current"]["cellValuesByFieldId"][field.id] = value
    change["previous"]["cellValuesByFieldId"][field.id] = before
