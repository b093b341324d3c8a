"""Parameters of a query: each knows how it is read, and how the document tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request

from pyairtable_platform.kernel import Invalid

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """A parameter of the query."""

    name: str
    about: str

    def given(self, request: Request) -> str:
        """What the request says, empty for nothing."""
        given = request.query_params.get(self.name, "").strip()
        if "\0" in given:
            raise Invalid(f"{self.name} holds the character U+0000.")
        return given

    def schema(self) -> Json:
        """Its JSON schema."""
        return {"type": "string"}

    def parameter(self) -> Json:
        """How the document tells it."""
        return {"name": self.name, "in": "query", "description": self.about, "schema": self.schema()}


@dataclass(frozen=True, slots=True)
class Text(Query):
    """Any text."""

    def read(self, request: Request) -> str | None:
        """The text; None for none."""
        return self.given(request) or None


@dataclass(frozen=True, slots=True)
class Whole(Query):
    """A whole number within bounds."""

    default: int
    least: int
    most: int

    def read(self, request: Request) -> int:
        """The number. Raises Invalid."""
        given = self.given(request)
        if not given:
            return self.default
        is_number = given.removeprefix("-").isdecimal() and len(given) <= len(str(self.most)) + 1
        if not is_number or not self.least <= int(given) <= self.most:
            raise Invalid(f"{self.name}={given!r}: expected a whole number from {self.least} to {self.most}.")
        return int(given)

    def schema(self) -> Json:
        """See `Query.schema`."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most, "default": self.default}


@dataclass(frozen=True, slots=True)
class Choice(Query):
    """One of a few words, the first by default."""

    allowed: tuple[str, ...]

    def read(self, request: Request) -> str:
        """The word. Raises Invalid."""
        given = self.given(request) or self.allowed[0]
        if given not in self.allowed:
            raise Invalid(f"{self.name}={given!r}: allowed are {', '.join(self.allowed)}.")
        return given

    def schema(self) -> Json:
        """See `Query.schema`."""
        return {"type": "string", "enum": list(self.allowed), "default": self.allowed[0]}


@dataclass(frozen=True, slots=True)
class Moment(Query):
    """A moment in ISO 8601 with its zone."""

    def read(self, request: Request) -> datetime | None:
        """The moment; None for none. Raises Invalid."""
        given = self.given(request).replace(" ", "+")
        if not given:
            return None
        try:
            found = datetime.fromisoformat(given)
        except ValueError:
            found = None
        # Outside of these years a day more or less is no date any more.
        if found is None or found.tzinfo is None or not 1970 <= found.year <= 9000:
            raise Invalid(f"{self.name}={given!r}: expected a moment such as 2026-11-25T09:00:00Z.")
        return found

    def schema(self) -> Json:
        """See `Query.schema`."""
        return {"type": "string", "format": "date-time"}
