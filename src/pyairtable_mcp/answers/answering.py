"""What a tool returned, as the client gets it: whole, or cut to the budget with the way to the rest."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from pyairtable_mcp import exports
from pyairtable_mcp.answers.bounding import bounded
from pyairtable_mcp.answers.budget import compact, sent_size, size
from pyairtable_mcp.answers.rendering import render
from pyairtable_mcp.answers.showing import in_a_sentence
from pyairtable_mcp.aside import aside
from pyairtable_mcp.offering import refused, said
from pyairtable_mcp.tool import Narrowable, Tool, ToolContext

_NOTE = 1_500
"""Characters kept free for the note that says what was cut."""
_REFUSAL = 6_000
"""Characters of a refusal: it may quote what was given."""


async def answer(tool: Tool, context: ToolContext, result: Mapping[str, Any]) -> dict[str, Any]:
    """The result as text and as structure, each within the context's budget: a CallToolResult, as it is sent.

    What had to go is said under `cut`, with how to ask for less and, where there is a folder for it, a
    resource that holds everything.
    """
    rows = sum(len(value) for value in result.values() if isinstance(value, list))
    return await aside(lambda: _told(tool, context, result), rows)


def _told(tool: Tool, context: ToolContext, result: Mapping[str, Any]) -> dict[str, Any]:
    told, text, length = _written(context, result)
    if length > context.result_budget and isinstance(result, Narrowable):
        told, text, length = _written(context, result.narrowed())
    if length > context.result_budget:
        told = _cut(tool, context, told)
        text = render(told)
    # The SDK holds it to the schema; of the class, it would have to be read out again, value by value.
    return {
        "content": [{"type": "text", "text": text}],
        "structuredContent": told,
        "isError": False,
        "resultType": "complete",
    }


def _written(context: ToolContext, result: Mapping[str, Any]) -> tuple[dict[str, Any], str, int]:
    """Both forms of the result, and how long the longer one is."""
    told, length = _sendable(_offering(dict(result), context.hidden))
    text = render(told)
    return told, text, max(length, len(text))


def _offering(result: dict[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """The result whose errors, record by record, advise no tool in `hidden`."""
    if not hidden or not result.get("errors"):
        return result
    return result | {"errors": [{**row, "error": refused(row["error"], hidden)} for row in result["errors"]]}


def _sendable(result: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The result with ? for half a surrogate pair, which could not be sent at all, and its size as JSON."""
    try:
        return result, sent_size(result)
    except ValueError:
        mended: dict[str, Any] = json.loads(compact(result).encode("utf-8", "replace"))
        return mended, size(mended)


def refusal(text: str) -> ToolError:
    """The refusal on one line: what it quotes may be long, and a remedy stands at both ends."""
    text = in_a_sentence(text.encode("utf-8", "replace").decode())
    if len(text) <= _REFUSAL:
        return ToolError(text)
    half = _REFUSAL // 2
    return ToolError(f"{text[:half]} … [cut: {len(text) - 2 * half:,} characters] … {text[-half:]}")


def _cut(tool: Tool, context: ToolContext, whole: dict[str, Any]) -> dict[str, Any]:
    room = context.result_budget - min(_NOTE, context.result_budget // 2)
    lean = dict(tool.lean.make(whole)) if tool.lean else whole
    told, cuts = bounded(lean, room)
    losses = [tool.lean.left_out] if tool.lean and lean != whole else []
    parts = [f"Too long for one answer: {'; '.join([*losses, *filter(None, [cuts])])}."]
    parts.append(said(tool.narrower, context.hidden))
    parts.append(_where_all_is(context, whole))
    return {"cut": " ".join(filter(None, parts)), **told}


def _where_all_is(context: ToolContext, whole: Mapping[str, Any]) -> str:
    """A tool may have saved its own; else the whole result is saved as JSON."""
    if "resource" in whole:
        return f"All of it is the resource {whole['resource']}."
    if context.exports is None:
        return ""
    saved = exports.save(context.exports, "answer", "json", compact(whole))
    return f"All of it is the resource {saved.uri}."
