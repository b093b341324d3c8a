"""A request as the model sees it: who asked what, and what its calls have answered so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A checked request. `contents` are the wire's own, camel or snake case as the client sent them."""

    model: str
    contents: Sequence[Json]
    tools: tuple[str, ...] = ()
    system: str = ""
    calling_mode: str = "AUTO"

    @property
    def question(self) -> str:
        """The text with which the person began the turn that is under way."""
        asked = [content for content in self.contents if is_question(content)]
        return "\n".join(text_parts(asked[-1])) if asked else ""

    @property
    def step(self) -> int:
        """How often the model has spoken since the question: 0 for its first reply."""
        return sum(1 for content in self._since_question() if content.get("role") == "model")

    def answers(self) -> list[tuple[str, Any]]:
        """What the functions have answered in the whole conversation, oldest first: name and output."""
        return _answers(self.contents)

    def answers_since_question(self) -> list[Any]:
        """What the functions have answered in the turn that is under way, oldest first."""
        return [output for _, output in _answers(self._since_question())]

    def before_question(self) -> Sequence[Json]:
        """The conversation before the turn that is under way."""
        return self.contents[: len(self.contents) - len(self._since_question()) - 1]

    def _since_question(self) -> Sequence[Json]:
        places = [index for index, content in enumerate(self.contents) if is_question(content)]
        return self.contents[places[-1] + 1 :] if places else self.contents


def _answers(contents: Sequence[Json]) -> list[tuple[str, Any]]:
    return [
        (response["name"], output_of(response.get("response", {})))
        for content in contents
        for response in responses(content)
    ]


def is_question(content: Json) -> bool:
    """Whether the content is a person's text, and not what a function answered."""
    return content.get("role", "user") == "user" and bool(text_parts(content)) and not responses(content)


def text_parts(content: Json) -> list[str]:
    """The texts of a content, without thoughts."""
    return [part["text"] for part in content.get("parts", []) if "text" in part and not part.get("thought")]


def calls(content: Json) -> list[Json]:
    """The parts of a content that call a function."""
    return [part for part in content.get("parts", []) if "functionCall" in part or "function_call" in part]


def responses(content: Json) -> list[Json]:
    """What functions answered in a content."""
    found = [part.get("functionResponse", part.get("function_response")) for part in content.get("parts", [])]
    return [response for response in found if response is not None]


def output_of(response: Json) -> Any:
    """What a function answered: `output`, else the whole object (docs: FunctionResponse.response)."""
    return response.get("output", response)
