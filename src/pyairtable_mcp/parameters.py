"""The parameters that tools share: described once, in the server's instructions, and nowhere else.

Every user of a model pays for the tool list in every conversation, so a description that would stand in
each tool stands in `SHARED`; a test holds that a parameter of such a name is always one of these.
"""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field

Item = TypeVar("Item")


def _all_if_empty(names: Sequence[Item] | None) -> Sequence[Item] | None:
    """One rule for every optional list: an empty one says no more than none."""
    return names or None


AllIfEmpty = AfterValidator(_all_if_empty)

BaseId = str
TableId = str
RecordId = str
View = str
Filter = str
Typecast = bool
DryRun = bool
Confirm = str
CellValues = dict[str, Any]
FieldNames = Annotated[list[str], Field(min_length=1)]
FieldChoice = Annotated[list[str] | None, AllIfEmpty]
Limit = Annotated[int, Field(ge=1, le=10_000)]
Cursor = str

SHARED = {
    "base_id, table_id, view": "an id or a name.",
    "fields": "to read: a list of field names or ids; to write: cell values by field name or id.",
    "filter_by_formula": 'an Airtable formula, AND({Status}="Done",{Hours}>2). validate_formula tests one.',
    "cursor": "of the previous answer, with all other arguments as they were, for what comes next.",
    "typecast": "let Airtable convert text, and add choices and linked records that are missing.",
    "dry_run": "write nothing, and show in `differences` what would change, record by record.",
    "confirm": "leave it out; a refusal that asks for the user's consent gives one.",
}
"""What the parameters of these names mean in every tool."""
