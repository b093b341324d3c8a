from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest
from google import genai
from google.genai import types

from local_twins.gemini import Script, create_app
from local_twins.server import TwinServer

Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve a script's conversations on a port of its own, and give the address."""
    with ExitStack() as stack:

        def start(*turns: dict[str, Any], document: Any = None, **options: Any) -> str:
            script = Script.of(document or {"conversations": [{"turns": list(turns)}]})
            return stack.enter_context(TwinServer(create_app(script, **options)))

        yield start


@pytest.fixture
async def sdk() -> AsyncIterator[Callable[[str], genai.Client]]:
    """Google's own client, pointed at an address."""
    async with httpx2.AsyncClient() as http:
        yield lambda url: genai.Client(
            api_key="key", http_options=types.HttpOptions(base_url=url, httpx_async_client=http)
        )
