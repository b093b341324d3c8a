"""Ready-made requests that a person picks from a menu: each tells the model the way, step by step."""

import inspect
from collections.abc import Callable, Collection, Mapping
from typing import Any, get_args, get_type_hints

from mcp.server import MCPServer
from mcp.server.mcpserver.prompts.base import Prompt, PromptArgument

from pyairtable_mcp.prompts.asking import PromptsAsked
from pyairtable_mcp.prompts.changing import clean_table, plan_import, review_changes
from pyairtable_mcp.prompts.reading import explore_base, write_formula
from pyairtable_mcp.prompts.steps import Steps

PROMPTS: dict[Callable[..., Steps], tuple[str, ...]] = {
    explore_base: ("list_tables", "get_records"),
    clean_table: ("analyze_table_data", "batch_update_records"),
    write_formula: ("get_field_info", "validate_formula"),
    plan_import: ("list_tables", "get_field_info"),
    review_changes: ("list_changes",),
}
"""Every prompt, in the order of the menu, with the tools without which it makes no sense."""


def offered(hidden: Collection[str] = ()) -> dict[str, Prompt]:
    """The prompts that make sense without the tools in `hidden`, which none of them names, by their names."""
    made = [_served(prompt, hidden) for prompt, needed in PROMPTS.items() if set(needed).isdisjoint(hidden)]
    return {prompt.name: prompt for prompt in made}


def publish(server: MCPServer[Any], offered: Mapping[str, Prompt]) -> None:
    """Offer those prompts, in the order of the menu."""
    for prompt in offered.values():
        server.add_prompt(prompt)


def _served(prompt: Callable[..., Steps], hidden: Collection[str]) -> Prompt:
    """A function's name, docstring and parameters are the prompt's."""

    def told(**arguments: str) -> str:
        return prompt(**arguments).told(hidden)

    return Prompt(
        name=prompt.__name__,
        title=prompt.__name__.replace("_", " ").capitalize(),
        description=prompt.__doc__,
        arguments=_arguments(prompt),
        fn=told,
        context_kwarg=None,
    )


def _arguments(prompt: Callable[..., Steps]) -> list[PromptArgument]:
    hints = get_type_hints(prompt, include_extras=True)
    return [
        PromptArgument(
            name=name,
            description=get_args(hints[name])[1].description,
            required=parameter.default is parameter.empty,
        )
        for name, parameter in inspect.signature(prompt).parameters.items()
    ]


__all__ = ["PROMPTS", "PromptsAsked", "offered", "publish"]
