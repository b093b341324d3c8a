"""How far a change could be taken back, told of its kind alone."""

from collections.abc import Mapping, Sequence

from airtable_gateway.journal import promises
from airtable_gateway.journal.change import Operation, UndoPromise
from airtable_gateway.journal.sight import Spot

_ALWAYS: Mapping[str, UndoPromise] = {
    **dict.fromkeys(
        ("create_base", "create_table", "create_field"), UndoPromise("none", (promises.NO_DELETION,))
    ),
    **dict.fromkeys(("update_table", "create_comment", "upload_attachment"), UndoPromise("full")),
    "forward": UndoPromise("none", (promises.NOT_KNOWN,)),
    "update_field": UndoPromise("partial", (promises.CHOICES_STAY,)),
    "update_comment": UndoPromise("partial", (promises.COMMENT_TIME,)),
    "delete_comment": UndoPromise("partial", (promises.COMMENT_IDENTITY,)),
}


def promise_of(operation: Operation, spot: Spot, named: Sequence[str], *, typecast: bool) -> UndoPromise:
    """What undo could promise of such a change; the change itself may say more."""
    table = spot.schema
    fields = [table.field(name) for name in named] if table else []
    match operation:
        case "create":
            return promises.promise_of_creation(fields, typecast=typecast)
        case "update":
            return promises.promise_of_update(table, fields, typecast=typecast)
        case "replace":
            whole = promises.promise_of_update(table, table.fields if table else (), typecast=typecast)
            return whole if table else UndoPromise("none", (promises.NO_SCHEMA,))
        case "upsert":
            return promises.both(
                promises.promise_of_creation(fields, typecast=typecast),
                promises.promise_of_update(table, fields, typecast=typecast),
            )
        case "delete":
            return promises.promise_of_deletion(table)
        case _:
            return _ALWAYS[operation]
