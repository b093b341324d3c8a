"""Shapes of answers: a dataclass as its JSON, a moment, and schemas that the document names itself."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

At = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A moment in ISO 8601, as text."""

REF = "#/components/schemas/{model}"


@dataclass(frozen=True, slots=True)
class Told:
    """`Annotated[dict[str, Any], Told(Session)]`: JSON that was made of that dataclass."""

    source: Any

    def __get_pydantic_core_schema__(self, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The schema of the dataclass in place of any object's."""
        return handler.generate_schema(self.source)


@dataclass(frozen=True, slots=True)
class Named:
    """`Annotated[dict[str, Any], Named("SessionEvent")]`: JSON whose schema stands under that name."""

    name: str

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        """Any value: only the document looks at it."""
        return core_schema.any_schema()

    def __get_pydantic_json_schema__(self, _: CoreSchema, __: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A reference to the schema."""
        return {"$ref": REF.format(model=self.name)}
