"""A client so plain that it shows what is sent over HTTP, in each era of the protocol."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

SESSIONS, STATELESS = ERAS = ("2025-11-25", "2026-07-28")

_IN_META = "io.modelcontextprotocol/"


class Plain:
    """Sends single messages; `capabilities` are what it says that it can do."""

    def __init__(self, http: httpx2.AsyncClient, url: str, era: str, capabilities: dict[str, Any]) -> None:
        self.http = http
        self.url = url
        self.era = era
        self._capabilities = capabilities
        self.headers = {"accept": "application/json, text/event-stream"}

    async def open(self) -> None:
        """Shake hands, where the era does so."""
        if self.era != SESSIONS:
            self.headers |= {"mcp-protocol-version": self.era}
            return
        params = {
            "protocolVersion": self.era,
            "capabilities": self._capabilities,
            "clientInfo": {"name": "plain", "version": "1"},
        }
        opened = await self.post({"id": 0, "method": "initialize", "params": params})
        self.headers |= {
            "mcp-session-id": opened.headers["mcp-session-id"],
            "mcp-protocol-version": self.era,
        }
        await self.post({"method": "notifications/initialized"})

    async def post(self, message: dict[str, Any]) -> httpx2.Response:
        """The whole answer to a message."""
        return await self.http.post(self.url, json={"jsonrpc": "2.0", **message}, headers=self.headers)

    async def call(
        self, tool: str, arguments: dict[str, Any], *, params: dict[str, Any] | None = None, **meta: Any
    ) -> httpx2.Response:
        """The whole answer to a call; `params` stand beside its name and arguments."""
        return await self.http.post(self.url, **self.request(tool, arguments, params=params, **meta))

    def request(
        self, tool: str, arguments: dict[str, Any], *, params: dict[str, Any] | None = None, **meta: Any
    ) -> dict[str, Any]:
        """What httpx is given for a call, whose id is 7."""
        headers = self.headers
        if self.era != SESSIONS:
            headers = headers | {"mcp-method": "tools/call", "mcp-name": tool}
            meta |= {
                _IN_META + "protocolVersion": self.era,
                _IN_META + "clientCapabilities": self._capabilities,
            }
        told = {"name": tool, "arguments": arguments, **(params or {}), **({"_meta": meta} if meta else {})}
        return {
            "json": {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": told},
            "headers": headers,
        }


@asynccontextmanager
async def plainly(url: str, era: str, *, bearer: str = "", **capabilities: Any) -> AsyncIterator[Plain]:
    """A plain client of the server at `url`, of that era, which bears that token."""
    borne = {"authorization": f"Bearer {bearer}"} if bearer else {}
    async with httpx2.AsyncClient(headers=borne, timeout=20) as http:
        plain = Plain(http, url, era, capabilities)
        await plain.open()
        yield plain
