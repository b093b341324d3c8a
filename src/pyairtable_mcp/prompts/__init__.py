"""Ready-made requests that a person picks from a menu: each tells the model the way, step by step."""

import functools
from collections.abc import Callable, Collection
from typing import Any

from mcp.server import MCPServer

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


def publish(server: MCPServer[Any], hidden: Collection[str] = ()) -> None:
    """Offer the prompts that make sense without the tools in `hidden`, which none of them names.

    A function's name and docstring are the prompt's.
    """
    for prompt, needed in PROMPTS.items():
        if set(needed).isdisjoint(hidden):
            server.prompt(title=prompt.__name__.replace("_", " ").capitalize())(_telling(prompt, hidden))


def _telling(prompt: Callable[..., Steps], hidden: Collection[str]) -> Callable[..., str]:
    @functools.wraps(prompt)
    def told(**arguments: str) -> str:
        return prompt(**arguments).told(hidden)

    return told


__all__ = ["PROMPTS", "publish"]
