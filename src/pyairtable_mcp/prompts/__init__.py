"""Ready-made requests that a person picks from a menu: each tells the model the way, step by step."""

from typing import Any

from mcp.server import MCPServer

from pyairtable_mcp.prompts.changing import clean_table, plan_import, review_changes
from pyairtable_mcp.prompts.reading import explore_base, write_formula

PROMPTS = (explore_base, clean_table, write_formula, plan_import, review_changes)


def publish(server: MCPServer[Any]) -> None:
    """Offer every prompt; a function's name and docstring are the prompt's."""
    for prompt in PROMPTS:
        server.prompt(title=prompt.__name__.replace("_", " ").capitalize())(prompt)


__all__ = ["PROMPTS", "publish"]
