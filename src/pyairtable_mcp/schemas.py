"""The JSON schemas that a client sees: strict, and without a character that says nothing.

The tool list is paid for by every user of a model, in every conversation.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from types import NoneType
from typing import Any, NotRequired, Required, get_args, get_origin, get_type_hints

from mcp.server.mcpserver.utilities.func_metadata import ArgModelBase, FuncMetadata
from pydantic import ConfigDict, create_model, model_validator

_EMPTY_DEFAULTS: tuple[object, ...] = (None, "", [], {}, False)
_JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}


class _Arguments(ArgModelBase):
    """What the arguments of every tool are held to: no unknown names, no text or truth for a number."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _as_meant(cls, given: Any) -> Any:
        """JSON's ways of saying the same: 5.0 is a whole number, and null leaves out what may be left out."""
        if not isinstance(given, Mapping):
            return given
        return {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in given.items()
            if value is not None or not cls._may_be_left_out(name)
        }

    @classmethod
    def _may_be_left_out(cls, name: str) -> bool:
        return name in cls.model_fields and not cls.model_fields[name].is_required()


class _Metadata(FuncMetadata):
    """Reads the arguments of a call as the SDK does, without looking up all parameters each time."""

    def validate_arguments(self, arguments_to_validate: dict[str, Any]) -> dict[str, Any]:
        """The arguments by their names, as the function takes them. Raises ValidationError."""
        given = arguments_to_validate
        if any(isinstance(given[name], str) for name in given.keys() & _no_texts(self.arg_model)):
            given = self.pre_parse_json(given)
        return dict(vars(self.arg_model.model_validate(given)))


@cache
def _no_texts(model: type[ArgModelBase]) -> frozenset[str]:
    """The parameters that are no plain texts: given as one, they may be JSON in it."""
    return frozenset(name for name, field in model.model_fields.items() if field.annotation is not str)


@cache
def metadata(function: Callable[..., Any], *, context: str) -> FuncMetadata:
    """The argument model of a tool's function, refusing unknown names, and its result's shallow schema.

    `context` is the parameter that the server fills in. Made once, for any number of servers.
    """
    hints = get_type_hints(function, include_extras=True)
    return _Metadata(
        arg_model=_arguments(function, hints, context), output_schema=output_schema(hints["return"])
    )


def _arguments(function: Callable[..., Any], hints: Mapping[str, Any], context: str) -> type[ArgModelBase]:
    """The model of the parameters; made once, since the tool list waits for all of them."""
    taken = [
        parameter for name, parameter in inspect.signature(function).parameters.items() if name != context
    ]
    fields: dict[str, Any] = {
        parameter.name: (
            hints[parameter.name],
            ... if parameter.default is parameter.empty else parameter.default,
        )
        for parameter in taken
    }
    model: type[ArgModelBase] = create_model(
        f"{function.__name__}Arguments", __base__=_Arguments, __module__=__name__, **fields
    )
    return model


@cache
def input_schema(model: type[ArgModelBase]) -> dict[str, Any]:
    """What the arguments look like, without generated titles, null unions and empty defaults.

    The servers of a process share it: it is not to be changed.
    """
    generated = model.model_json_schema(by_alias=True)
    schema = slim(_inlined(generated, generated.pop("$defs", {})))
    schema["additionalProperties"] = False
    schema.setdefault("properties", {})
    return schema


def _inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """The schema with each reference replaced by what it refers to: shorter, and every client reads it."""
    match schema:
        case {"$ref": str(reference)}:
            definition = definitions[reference.removeprefix("#/$defs/")]
            return _inlined(
                {key: value for key, value in definition.items() if key != "description"}, definitions
            )
        case Mapping():
            return {key: _inlined(value, definitions) for key, value in schema.items()}
        case list():
            return [_inlined(item, definitions) for item in schema]
        case _:
            return schema


def slim(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same schema in fewer characters: what is optional is simply not required."""
    merged = {key: value for key, value in _without_null(schema).items() if _says_something(key, value)}
    for key, value in merged.items():
        if key == "properties":
            merged[key] = {name: slim(member) for name, member in value.items()}
        elif isinstance(value, Mapping):
            merged[key] = slim(value)
        elif isinstance(value, list):
            merged[key] = [slim(item) if isinstance(item, Mapping) else item for item in value]
    return merged


def _without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """`anyOf` of one type and null becomes that type."""
    branches = [branch for branch in schema.get("anyOf", ()) if branch != {"type": "null"}]
    if len(branches) != 1:
        return dict(schema)
    return {**{key: value for key, value in schema.items() if key != "anyOf"}, **branches[0]}


def _says_something(key: str, value: object) -> bool:
    if key == "title" and isinstance(value, str):
        return False
    if key == "default":
        return not any(type(value) is type(empty) and value == empty for empty in _EMPTY_DEFAULTS)
    return not (key == "additionalProperties" and value is True)


def output_schema(result: type) -> dict[str, Any]:
    """The schema of a TypedDict, its keys and their types alone: enough to build a typed call from.

    Which keys are always there is not said: it would be as long as the rest.
    """
    hints = get_type_hints(result, include_extras=True)
    return {"type": "object", "properties": {name: _shallow(hint) for name, hint in hints.items()}}


def _shallow(hint: Any) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (NotRequired, Required):
        return _shallow(arguments[0])
    if NoneType in arguments:
        names = [_shallow(argument).get("type") for argument in arguments if argument is not NoneType]
        return {"type": [*names, "null"]} if all(names) else {}
    name = _JSON_TYPES.get(origin or hint) or ("object" if hasattr(hint, "__required_keys__") else None)
    return {"type": name} if name else {}
