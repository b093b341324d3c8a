"""Fetching a file that a cell names, from Airtable itself or from public servers, and nowhere else."""

from collections.abc import Mapping
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import EndpointSource, NotFetched, RemoteFiles

LIMIT = 25 * 1024 * 1024


async def fetch(file: Mapping[str, Any], endpoints: EndpointSource | None) -> bytes:
    """The bytes of a cell's file, {url, size?}. Raises ToolError."""
    is_stored = isinstance(file.get("size"), int)
    try:
        return await RemoteFiles(endpoints).fetch(str(file.get("url", "")), LIMIT, is_stored=is_stored)
    except NotFetched as error:
        raise ToolError(str(error)) from error
