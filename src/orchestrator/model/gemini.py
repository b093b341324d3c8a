"""Gemini through Google's own client: one request a stream, everything raw, every failure an error of ours.

The only file that knows google-genai. History goes out as raw wire JSON by `extra_body`, which replaces the
body's lists as they are (twenty times cheaper than the SDK's own types at 400 messages, and signatures cannot
be lost on the way); a test holds that against the body that is sent.
"""

import asyncio
import json
import logging
import warnings
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2
from google import genai
from google.genai import errors, types
from pydantic import ValidationError

from orchestrator.errors import AnswerBroken, ModelError, ModelRefused, ModelUnreachable, RequestInvalid
from orchestrator.model.finishes import CONTINUATION, trouble
from orchestrator.model.port import ModelRequest, Piece, Reply, Usage
from orchestrator.model.refusals import refused
from orchestrator.model.texts import whole
from orchestrator.model.thinking import thinking

_PLACEHOLDER = "-"
"""What the SDK is given as contents, and sends none of."""


class GeminiModel:
    """See `Model`. `http` is the caller's, and decides on the pool; `base_url` None is Google's own."""

    def __init__(self, http: httpx2.AsyncClient, *, api_key: str, base_url: str | None = None) -> None:
        # An enum value that is newer than the SDK is a finish reason like any other; it would warn of each.
        warnings.filterwarnings("ignore", message=".* is not a valid ", category=UserWarning)
        # It would warn of every request whose lists are not its own.
        logging.getLogger("google_genai._common").addFilter(_is_no_replaced_list)
        # With a client of ours the SDK never turns to aiohttp; without retry options it never repeats.
        options = types.HttpOptions(base_url=base_url, httpx_async_client=http)
        self._models = genai.Client(api_key=api_key, http_options=options).aio.models

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Piece | Reply, None]:
        """See `Model.stream`; the whole answer has `timeout_seconds`."""
        answer = _Answer(request.model, is_more=bool(request.continuation))
        chunks = self._chunks(request, _config(request), answer)
        deadline = asyncio.get_running_loop().time() + request.timeout_seconds
        async with aclosing(chunks):
            while (chunk := await self._next(chunks, deadline, request, answer)) is not None:
                for piece in answer.add(chunk):
                    yield piece
        yield answer.reply()

    async def count_tokens(self, request: ModelRequest) -> int:
        """See `Model.count_tokens`; this service counts contents alone, without instructions and tools."""
        options = types.HttpOptions(
            extra_body={"contents": list(request.contents)}, timeout=_milliseconds(request)
        )
        with _translated():
            counted = await self._models.count_tokens(
                model=request.model,
                contents=_PLACEHOLDER,
                config=types.CountTokensConfig(http_options=options),
            )
        return counted.total_tokens or 0

    async def _chunks(
        self, request: ModelRequest, config: types.GenerateContentConfig, answer: "_Answer"
    ) -> AsyncGenerator[types.GenerateContentResponse, None]:
        stream = await self._models.generate_content_stream(
            model=request.model, contents=_PLACEHOLDER, config=config
        )
        async for chunk in stream:
            answer.has_begun = True
            yield chunk

    async def _next(
        self,
        chunks: AsyncIterator[types.GenerateContentResponse],
        deadline: float,
        request: ModelRequest,
        answer: "_Answer",
    ) -> types.GenerateContentResponse | None:
        """The next chunk, None at the end; a failure knows what was used until then."""
        try:
            with _translated():
                async with asyncio.timeout_at(deadline):
                    return await anext(chunks, None)
        except TimeoutError as error:
            late = ModelUnreachable(f"The model did not answer within {request.timeout_seconds:g} seconds.")
            raise late.used(answer.usage) from error
        except ModelError as error:
            was_sent = not isinstance(error, RequestInvalid) and not isinstance(
                error.__cause__, errors.APIError | httpx2.ConnectError | httpx2.ConnectTimeout
            )
            raise error.used(answer.usage, may_be_billed=answer.has_begun or was_sent) from error.__cause__


@dataclass(slots=True)
class _Answer:
    """What has come of an answer so far; with `is_more` it is the rest of an earlier one."""

    model_served: str
    is_more: bool = False
    parts: list[dict[str, Any]] = field(default_factory=list)
    finish: str = ""
    continuation: str = ""
    usage: Usage | None = None
    has_begun: bool = False

    def add(self, chunk: types.GenerateContentResponse) -> list[Piece]:
        """Take in a chunk; what it says. Raises ModelRefused when the prompt was blocked."""
        self.model_served = chunk.model_version or self.model_served
        if chunk.usage_metadata is not None:
            # Each one is a running total: the last counts.
            self.usage = _usage(chunk.usage_metadata)
        if (feedback := chunk.prompt_feedback) is not None and feedback.block_reason:
            why = feedback.block_reason_message or str(feedback.block_reason.value)
            raise ModelRefused(f"The prompt was blocked: {why}.", reason=why).used(self.usage)
        if not chunk.candidates:
            return []
        return self._take(chunk.candidates[0])

    def _take(self, candidate: types.Candidate) -> list[Piece]:
        if candidate.finish_reason is not None:
            self.finish = str(candidate.finish_reason.value)
        if candidate.continuation_token:
            self.continuation = candidate.continuation_token.decode("latin-1")
        spoken = (candidate.content.parts if candidate.content else None) or []
        parts = [_wire(part) for part in spoken if part.text != "" or part.thought_signature]
        # What is newer than the SDK comes as a part of nothing, which the service would not take back.
        parts = [part for part in parts if part.keys() - {"thought"}]
        self.parts.extend(parts)
        return [Piece(part["text"], bool(part.get("thought"))) for part in parts if part.get("text")]

    def reply(self) -> Reply:
        """The whole answer. Raises ModelError when it is none."""
        is_continued = self.finish == CONTINUATION and bool(self.continuation)
        error = None if is_continued else trouble(self.finish, self.parts, is_more=self.is_more)
        if error is not None:
            raise error.used(self.usage)
        return Reply(
            parts=tuple(self.parts),
            finish=self.finish,
            usage=self.usage or Usage(),
            model_served=self.model_served,
            continuation=self.continuation if is_continued else "",
        )


class _translated:  # noqa: N801 - reads as a word after `with`
    """The SDK's and the transport's errors as ours; all others pass."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> None:
        match error:
            case errors.APIError():
                raise refused(error.code, error.details, error.message or "") from error
            case httpx2.HTTPError() | httpx2.StreamError():
                raise ModelUnreachable(f"The model cannot be reached: {error!r}.") from error
            case httpx2.InvalidURL():
                raise RequestInvalid(f"No address can be made of the model's name: {error}") from error
            case errors.UnknownApiResponseError() | json.JSONDecodeError():
                raise AnswerBroken("The answer is not JSON.") from error
            case ValidationError() | TypeError() | AttributeError() | UnicodeError() | RecursionError():
                # What the SDK trips over: it was made for answers as they are documented.
                raise AnswerBroken(f"The answer cannot be read: {type(error).__name__}.") from error
            case ValueError():
                raise RequestInvalid(f"Google's client takes no such request: {error}") from error


def _config(request: ModelRequest) -> types.GenerateContentConfig:
    mode = (
        types.FunctionCallingConfigMode.VALIDATED
        if request.may_call
        else types.FunctionCallingConfigMode.NONE
    )
    calling = types.ToolConfig(function_calling_config=types.FunctionCallingConfig(mode=mode))
    told = thinking(request.model, request.effort, request.thinking_budget)
    return types.GenerateContentConfig(
        system_instruction=request.system or None,
        max_output_tokens=request.max_output_tokens,
        tool_config=calling if request.tools else None,
        thinking_config=types.ThinkingConfig(**told) if told else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        automatic_continuation=False,
        continuation_token=request.continuation.encode("latin-1") or None,
        http_options=types.HttpOptions(timeout=_milliseconds(request), extra_body=_body(request)),
    )


def _body(request: ModelRequest) -> dict[str, Any]:
    """What is sent as it is."""
    body: dict[str, Any] = {"contents": _Sent(request.contents)}
    if request.tools:
        body["tools"] = _Sent([{"functionDeclarations": list(request.tools)}])
    return body


class _Sent(list[Any]):
    """A list that is only read: the SDK copies its config deeply for each call, history and all."""

    def __deepcopy__(self, _memo: object) -> "_Sent":
        return self


def _is_no_replaced_list(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Type mismatch for key")


def _milliseconds(request: ModelRequest) -> int:
    return max(int(request.timeout_seconds * 1000), 1)


def _wire(part: types.Part) -> dict[str, Any]:
    """The part as it was on the wire; the SDK would write the signature's bytes in the other base64."""
    wire = part.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if "thoughtSignature" in wire:
        wire["thoughtSignature"] = cast("str", wire["thoughtSignature"]).translate(_STANDARD)
    return cast("dict[str, Any]", whole(wire))


_STANDARD = str.maketrans("-_", "+/")


def _usage(told: types.GenerateContentResponseUsageMetadata) -> Usage:
    return Usage(
        prompt=told.prompt_token_count or 0,
        cached=told.cached_content_token_count or 0,
        output=told.candidates_token_count or 0,
        thinking=told.thoughts_token_count or 0,
        tool=told.tool_use_prompt_token_count or 0,
    )
