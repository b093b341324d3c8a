"""Where what people name becomes a request, which is sent again when the names proved to be old."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from airtable_gateway.calls.call import Call, Line
from airtable_gateway.errors import (
    AirtableError,
    FieldNotFound,
    InvalidFormula,
    NotFound,
    Refused,
    TableNotFound,
    ViewNotFound,
)
from airtable_gateway.naming.names import Names
from airtable_gateway.naming.place import Place, needs_schema
from airtable_gateway.transport.translation import MODEL_NOT_FOUND

T = TypeVar("T")


class Desk:
    """Finds the place that is meant, and sends what is to be sent there."""

    def __init__(self, line: Line, names: Names) -> None:
        self.line = line
        self.names = names

    async def place(self, base: str, table: str, *, fields: Sequence[str] = (), view: str = "") -> Place:
        """The table, with its schema when something is given by name."""
        base_id = await self.names.base_id(base)
        if needs_schema(table, fields=fields, view=view):
            return await self.names.place(base_id, table)
        return Place(base_id, table)

    async def send(self, place: Place, make: Callable[[Place], Call[T]]) -> T:
        """Send what `make` makes of the place; once more with a new schema when a name was unknown."""
        try:
            return await self.line.send(make(place))
        except InvalidFormula:
            self.names.doubt(place.base_id)
            raise
        except (NotFound, Refused) as error:
            if not _blames_a_name(error):
                raise
            newer = await self.names.place(place.base_id, place.table, instead_of=place)
            if place.schema is None or newer.schema == place.schema:
                raise
        return await self.line.send(make(newer))

    async def write(self, place: Place, make: Callable[[Place], Call[T]], *, typecast: bool) -> T:
        """Send a write; one with typecast may have made choices, so that the schema is no longer sure."""
        written = await self.send(place, make)
        if typecast:
            self.names.doubt(place.base_id)
        return written

    async def reshape(self, place: Place, make: Callable[[Place], Call[T]]) -> T:
        """Send a change of the schema, which is read again after it.

        Also after a failure, for the answer may have been lost and the change made.
        """
        try:
            return await self.send(place, make)
        finally:
            self.names.forget(place.base_id)

    async def sees(self, place: Place) -> bool:
        """Whether the token may see the table, so that what it lacks is the record."""
        return (await self.names.place(place.base_id, place.table)).schema is not None


def _blames_a_name(error: AirtableError) -> bool:
    """Whether the schema that named things may be out of date."""
    return isinstance(error, FieldNotFound | TableNotFound | ViewNotFound) or error.type == MODEL_NOT_FOUND
