"""OpenAI's chat completions over HTTP: one request a stream, every failure an error of ours."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

import httpx2

from orchestrator.errors import AnswerBroken, ModelError, ModelUnreachable, RequestInvalid
from orchestrator.model.chat_completions.answer import Answer
from orchestrator.model.chat_completions.dialect import Dialect
from orchestrator.model.chat_completions.messages import messages_of, names_of, tools_of
from orchestrator.model.chat_completions.refusals import refused, refused_within
from orchestrator.model.port import ModelRequest, Piece, Reply

_MOST_DIALECTS = 4
"""An endpoint may refuse so many options one after the other."""

_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


class ChatCompletionsModel:
    """See `Model`. `url` is the endpoint's address up to /v1; `http` is the caller's.

    Contents stay in our own form, which is Gemini's, so that a session may go on with another model.
    """

    def __init__(self, http: httpx2.AsyncClient, *, url: str, api_key: str = "") -> None:
        self._http = http
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._dialect = Dialect()

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Piece | Reply, None]:
        """See `Model.stream`; the whole answer has `timeout_seconds`."""
        names = names_of(request)
        body: dict[str, Any] = {"model": request.model, "messages": messages_of(request, names)}
        if tools := tools_of(request, names):
            body["tools"] = tools
        answer = Answer(request.model, names, _tokens(body))
        chunks = self._chunks(request, body)
        deadline = asyncio.get_running_loop().time() + request.timeout_seconds
        async with aclosing(chunks):
            while (chunk := await self._next(chunks, deadline, request, answer)) is not None:
                for piece in answer.add(chunk):
                    yield piece
        yield answer.reply()

    async def count_tokens(self, request: ModelRequest) -> int:
        """See `Model.count_tokens`; the protocol has no word for it, so four bytes are a token."""
        return _tokens(list(request.contents))

    async def _next(
        self, chunks: AsyncIterator[Any], deadline: float, request: ModelRequest, answer: Answer
    ) -> Any | None:
        """The next chunk, None at the end; a failure knows what was used until then."""
        try:
            async with asyncio.timeout_at(deadline):
                return await anext(chunks, None)
        except TimeoutError as error:
            late = ModelUnreachable(f"The model did not answer within {request.timeout_seconds:g} seconds.")
            raise late.used(answer.usage) from error
        except ModelError as error:
            why = error.__cause__
            was_sent = isinstance(why, httpx2.HTTPError) and not isinstance(why, _NEVER_SENT)
            may_be_billed = answer.has_begun or was_sent or isinstance(error, AnswerBroken)
            raise error.used(answer.usage, may_be_billed=may_be_billed) from why

    async def _chunks(self, request: ModelRequest, body: dict[str, Any]) -> AsyncGenerator[Any, None]:
        """The chunks; asked once more without an option that the endpoint does not know."""
        for _ in range(_MOST_DIALECTS):
            sent, has_begun = body | self._dialect.options(request), False
            try:
                async with aclosing(self._asked(sent)) as chunks:
                    async for chunk in chunks:
                        has_begun = True
                        yield chunk
            except RequestInvalid as error:
                if has_begun or not self._dialect.learn(sent, error.detail):
                    raise
            else:
                return

    async def _asked(self, body: dict[str, Any]) -> AsyncGenerator[Any, None]:
        with _translated():
            async with self._http.stream(
                "POST", self._url, json=body, headers=self._headers, timeout=None
            ) as response:
                if response.status_code != 200:
                    text = (await response.aread()).decode("utf-8", "replace")
                    raise refused(response.status_code, text, response.headers)
                if "json" in response.headers.get("content-type", ""):
                    yield _chunk((await response.aread()).decode("utf-8", "replace"))
                    return
                async for line in response.aiter_lines():
                    if (data := _data(line)) == "[DONE]":
                        return
                    if data:
                        yield _chunk(data)


def _data(line: str) -> str:
    """What an event's line carries; nothing for comments, names and empty lines."""
    return line[5:].strip() if line.startswith("data:") else ""


def _chunk(data: str) -> Any:
    """A chunk. Raises ModelError for one that is an error, or cannot be read."""
    try:
        chunk = json.loads(data)
    except ValueError as error:
        raise AnswerBroken(f"The answer is not JSON: {data[:200]!r}.") from error
    if not isinstance(chunk, dict):
        raise AnswerBroken(f"The answer is no object of JSON: {data[:200]!r}.")
    if chunk.get("error"):
        raise refused_within(chunk["error"])
    return chunk


@contextmanager
def _translated() -> Iterator[None]:
    """The transport's errors as ours; all others pass."""
    try:
        yield
    except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
        raise ModelUnreachable(f"The model cannot be reached: {error!r}.") from error


def _tokens(value: Any) -> int:
    return -(-len(json.dumps(value, ensure_ascii=False).encode()) // 4)
