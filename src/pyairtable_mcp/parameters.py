"""The parameters that tools share, each described once."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field

Item = TypeVar("Item")


def _all_if_empty(names: Sequence[Item] | None) -> Sequence[Item] | None:
    """One rule for every optional list: an empty one says no more than none."""
    return names or None


AllIfEmpty = AfterValidator(_all_if_empty)

BaseId = Annotated[str, Field(description="Base id or name")]
TableId = Annotated[str, Field(description="Table id or name")]
RecordId = Annotated[str, Field(description="Record id (rec...)")]
View = Annotated[str, Field(description="View id or name")]
Filter = Annotated[str, Field(description='Airtable formula, e.g. {Status}="Done"')]
FieldNames = Annotated[list[str], Field(description="Field names or ids", min_length=1)]
FieldChoice = Annotated[
    list[str] | None, Field(description="Field names or ids; none or [] means all"), AllIfEmpty
]
CellValues = Annotated[dict[str, Any], Field(description="Cell values by field name or id")]
Typecast = Annotated[bool, Field(description="Let Airtable convert text, add choices")]
