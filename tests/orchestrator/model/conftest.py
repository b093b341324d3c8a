from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest

from local_twins.gemini import Script, create_app
from local_twins.server import TwinServer
from orchestrator.model import ModelRequest, Piece, Reply
from orchestrator.model.gemini import GeminiModel

MODEL = "gemini-3.8-flash"


class Gemini:
    """A Gemini that answers these turns, and our client of it."""

    def __init__(self, http: httpx2.AsyncClient, url: str, sent: list[dict[str, Any]]) -> None:
        self.model = GeminiModel(http, api_key="key", base_url=url)
        self.sent = sent

    async def ask(self, through: Any = None, **given: Any) -> tuple[list[Piece], Reply]:
        """What is said on the way, and the whole answer."""
        said = [piece async for piece in (through or self.model).stream(_question(**given))]
        reply = said.pop()
        assert isinstance(reply, Reply)
        return said, reply  # type: ignore[return-value]


def _question(text: str = "Hello", **given: Any) -> ModelRequest:
    """A request of one text, unless `contents` are given."""
    contents = given.pop("contents", [{"role": "user", "parts": [{"text": text}]}])
    return ModelRequest(model=given.pop("name", MODEL), system="Be short.", contents=contents, **given)


@pytest.fixture
async def gemini() -> AsyncIterator[Callable[..., Gemini]]:
    """Serve turns on a port of its own, with a client of ours."""
    with ExitStack() as stack:
        async with httpx2.AsyncClient() as http:

            def start(*turns: dict[str, Any]) -> Gemini:
                sent: list[dict[str, Any]] = []
                script = Script.of({"conversations": [{"turns": list(turns)}]})
                app = create_app(script, seen=lambda _, body: sent.append(body))
                return Gemini(http, stack.enter_context(TwinServer(app)), sent)

            yield start
