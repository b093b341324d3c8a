"""Completion: the names of bases, tables, fields and views, for whoever fills in a prompt or an address."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from mcp.server import MCPServer
from mcp.types import (
    Completion,
    CompletionArgument,
    CompletionContext,
    PromptReference,
    ResourceTemplateReference,
)

from airtable_gateway import AirtableError, Gateway, TableSchema

_MOST = 100
"""Values in one answer (spec: "Completion", up to 100)."""

Known = Mapping[str, str]
"""The arguments that are filled in already."""


def publish(server: MCPServer[Any], gateway: Gateway) -> None:
    """Complete the arguments of every prompt and every template of the server."""

    async def complete(
        _: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion | None:
        names_of = _NAMES.get(argument.name)
        if names_of is None:
            return None
        try:
            names = await names_of(gateway, (context and context.arguments) or {})
        except AirtableError:
            # Nobody asked a question yet: where nothing can be offered, nothing is.
            return None
        is_list = argument.name == "fields"
        return _completion(
            _last_of_list(names, argument.value) if is_list else _matching(names, argument.value)
        )

    # The SDK's decorator has no types of its own.
    register: Callable[[Callable[..., Any]], object] = server.completion()  # type: ignore[no-untyped-call]
    register(complete)


async def _bases(gateway: Gateway, _: Known) -> list[str]:
    return [base.name for base in await gateway.bases()]


async def _tables(gateway: Gateway, known: Known) -> list[str]:
    if not known.get("base"):
        return []
    return [table.name for table in (await gateway.schema(known["base"])).tables]


async def _fields(gateway: Gateway, known: Known) -> list[str]:
    return [field.name for table in await _known_tables(gateway, known) for field in table.fields]


async def _views(gateway: Gateway, known: Known) -> list[str]:
    return [view.name for table in await _known_tables(gateway, known) for view in table.views]


async def _known_tables(gateway: Gateway, known: Known) -> Sequence[TableSchema]:
    if not known.get("base") or not known.get("table"):
        return []
    return [(await gateway.schema(known["base"])).table(known["table"])]


_NAMES: Mapping[str, Callable[[Gateway, Known], Awaitable[list[str]]]] = MappingProxyType(
    {"base": _bases, "table": _tables, "field": _fields, "fields": _fields, "view": _views}
)


def _matching(names: Sequence[str], begun: str) -> list[str]:
    """The names that begin so, then those that contain it, in any case."""
    part = begun.strip().casefold()
    first = [name for name in names if name.casefold().startswith(part)]
    return [*first, *(name for name in names if part in name.casefold() and name not in first)]


def _last_of_list(names: Sequence[str], begun: str) -> list[str]:
    """The list with its last name completed; names that it holds already are not offered again.

    A name with a comma has no place in such a list.
    """
    *before, last = begun.split(",")
    taken = {name.strip().casefold() for name in before}
    free = [name for name in names if name.casefold() not in taken and "," not in name]
    return [",".join([*before, name]) for name in _matching(free, last)]


def _completion(values: Sequence[str]) -> Completion:
    return Completion(values=list(values[:_MOST]), total=len(values), has_more=len(values) > _MOST)
