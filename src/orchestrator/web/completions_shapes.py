"""What is sent in OpenAI's form: a whole completion, a chunk of a stream, an error."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict


class UsageJson(TypedDict):
    """Tokens, and once the run has ended its cost: micro-dollars, and dollars as text."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    cost_micros: NotRequired[int]
    cost: NotRequired[str]


class SaidJson(TypedDict):
    """The answer; calls were carried out already, and are not in it."""

    role: Literal["assistant"]
    content: str


class ChoiceJson(TypedDict):
    """The one answer that there is."""

    index: int
    message: SaidJson
    finish_reason: Literal["stop", "length"]
    logprobs: None


class MetadataJson(TypedDict):
    """The session, to be sent as `metadata` with the next message."""

    session_id: str


class CompletionJson(TypedDict):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChoiceJson]
    usage: UsageJson
    metadata: NotRequired[MetadataJson]


class DeltaJson(TypedDict, total=False):
    """More of the answer; `reasoning_content` is what the model thinks, and which calls are made."""

    role: Literal["assistant"]
    content: str
    reasoning_content: str


class ChunkChoiceJson(TypedDict):
    """More of the one answer."""

    index: int
    delta: DeltaJson
    finish_reason: Literal["stop", "length"] | None


class CompletionChunkJson(TypedDict):
    """A piece of a stream; the one with usage has no choices."""

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: list[ChunkChoiceJson]
    usage: NotRequired[UsageJson]


class FaultJson(TypedDict):
    """What went wrong."""

    message: str
    type: str
    code: str
    param: None


class ErrorJson(TypedDict):
    """An error as OpenAI tells it."""

    error: FaultJson


ChunkJson = CompletionChunkJson | ErrorJson
