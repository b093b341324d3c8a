"""What a function of the language is: how it is declared, and what its declaration says.

A function is written in Python with annotated parameters; the annotations are the rules of coercion:

    str float int bool   the argument as text, number, whole number or truth (blank as "", 0, 0, false)
    DateValue            as a date; text is read, blank fails
    DateValue | None     the same, and None where it is blank
    Items                as a flat array; a single value is an array of one
    Value                as it is; an error fails before it arrives
    Thunk                not computed until it is called
    ... | None           of any other: the same, and None where it is left out
    FieldName            a reference to a field, not its value
    Batch, Row           not an argument: what the formula is evaluated with
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, NewType

from formula import shapes
from formula.scope import Batch, Row
from formula.shapes import Shape
from formula.values import DateValue, Items, Value

Thunk = Callable[[], Value]
FieldName = NewType("FieldName", str)
ResultShape = Callable[[Sequence[Shape]], Shape]

_VARIADIC = 0x04
"""CO_VARARGS of a code object: the function takes *parameters."""


class Want(Enum):
    """What a parameter takes."""

    TEXT = auto()
    NUMBER = auto()
    INTEGER = auto()
    TRUTH = auto()
    DATE = auto()
    MAYBE_DATE = auto()
    ITEMS = auto()
    VALUE = auto()
    THUNK = auto()
    REFERENCE = auto()


_WANTS: Mapping[Any, Want] = {
    str: Want.TEXT,
    float: Want.NUMBER,
    float | None: Want.NUMBER,
    int: Want.INTEGER,
    int | None: Want.INTEGER,
    bool: Want.TRUTH,
    DateValue: Want.DATE,
    DateValue | None: Want.MAYBE_DATE,
    Items: Want.ITEMS,
    Items | None: Want.ITEMS,
    Value: Want.VALUE,
    Thunk: Want.THUNK,
    FieldName: Want.REFERENCE,
}

_SHAPES: Mapping[Any, Shape] = {
    str: shapes.TEXT,
    str | None: shapes.MAYBE_TEXT,
    int: shapes.NUMBER,
    int | None: shapes.MAYBE_NUMBER,
    float: shapes.NUMBER,
    float | None: shapes.MAYBE_NUMBER,
    bool: shapes.BOOLEAN,
    DateValue: shapes.DATE,
    DateValue | None: shapes.MAYBE_DATE,
    Items: shapes.ARRAY,
    None: shapes.BLANK,
    Value: shapes.ANY,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its name as people read it, what it takes, and whether it may be left out."""

    name: str
    want: Want
    is_optional: bool = False
    is_repeated: bool = False

    def __str__(self) -> str:
        name = f"{self.name}..." if self.is_repeated else self.name
        return f"[{name}]" if self.is_optional else name


@dataclass(frozen=True, slots=True)
class Function:
    """A member of the table of functions.

    `run` takes the scope first where `scope` names one; `examples` are formulas with their results as text.
    """

    name: str
    category: str
    doc: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., Any]
    scope: type[Batch] | type[Row] | None
    result: ResultShape
    minimum: int
    maximum: int | None
    examples: tuple[str, ...] = ()

    @property
    def signature(self) -> str:
        """The call as a person writes it: LEFT(text, [count])."""
        return f"{self.name}({', '.join(map(str, self.parameters))})"

    @property
    def takes_dates(self) -> bool:
        """Whether any of its parameters is a date."""
        return any(parameter.want in (Want.DATE, Want.MAYBE_DATE) for parameter in self.parameters)

    @property
    def reads_now(self) -> bool:
        """Whether its value may depend on the present: text without a year is a date of this one."""
        return self.category == "date" or self.takes_dates

    def parameter(self, index: int) -> Parameter:
        """The parameter that takes the argument at that place, counted from 0."""
        return self.parameters[min(index, len(self.parameters) - 1)]


def function(
    name: str, category: str, *examples: str, result: ResultShape | None = None, minimum: int | None = None
) -> Callable[[Callable[..., Any]], Function]:
    """Declare a function of the language; what it decorates becomes a value of the table.

    `result` says the shape of the result from those of the arguments, where the annotation cannot;
    `minimum` is the least number of arguments where the parameters do not tell it.
    """

    def declare(run: Callable[..., Any]) -> Function:
        parameters, scope = _declared(run)
        required = sum(not parameter.is_optional for parameter in parameters)
        repeats = any(parameter.is_repeated for parameter in parameters)
        shape = _SHAPES[run.__annotations__["return"]]
        return Function(
            name=name,
            category=category,
            doc=(run.__doc__ or "").strip(),
            parameters=parameters,
            run=run,
            scope=scope,
            result=result or (lambda _: shape),
            minimum=required if minimum is None else minimum,
            maximum=None if repeats else len(parameters),
            examples=examples,
        )

    return declare


def _declared(run: Callable[..., Any]) -> tuple[tuple[Parameter, ...], type[Batch] | type[Row] | None]:
    """The parameters that a Python function's signature declares, and the scope that it asks for."""
    code, hints = run.__code__, run.__annotations__
    names = code.co_varnames[: code.co_argcount]
    scope = hints[names[0]] if names and hints[names[0]] in (Batch, Row) else None
    if scope is not None:
        names = names[1:]
    defaults = len(run.__defaults__ or ())
    parameters = [
        Parameter(name.rstrip("_"), _WANTS[hints[name]], is_optional=index >= len(names) - defaults)
        for index, name in enumerate(names)
    ]
    if code.co_flags & _VARIADIC:
        rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]
        parameters.append(
            Parameter(rest, _WANTS[hints[rest]], is_optional=rest.startswith("more"), is_repeated=True)
        )
    return tuple(parameters), scope
