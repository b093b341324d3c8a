"""The text and the calls of an answer as they come: what was shown on the way is not shown twice."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from orchestrator.events import Logged, ModelMessage, TextDelta, ThoughtDelta
from orchestrator.running.calls import Call, calls_of
from orchestrator.web.conversing import Happening, text_of

_PIECE = 16_000
"""Characters of a text that are told at once: with the worst escapes of JSON they still fit a line."""


@dataclass(slots=True)
class Speech:
    """Whoever joins late sees no moments, only messages; each gets every text once."""

    _shown: str = ""
    _steps: Counter[str] = field(default_factory=Counter)

    def more(self, happening: Happening) -> str:
        """The text that is new to the reader."""
        match happening:
            case TextDelta(text=text):
                self._shown += text
                return text
            case Logged(event=ModelMessage() as message):
                shown, self._shown = self._shown, ""
                whole = text_of(message)
                # A model that was asked again may have said something else: then its words stand anew.
                return whole.removeprefix(shown) if whole.startswith(shown) else f"\n\n{whole}"
        return ""

    def calls(self, message: ModelMessage) -> list[Call]:
        """The calls of a message under the ids of their results; ask once a message, in their order."""
        step = self._steps[message.run]
        self._steps[message.run] += 1
        return calls_of(message, step)


def thought_of(happening: Happening) -> str:
    """What the model thinks just now; nobody is told of it afterwards."""
    return happening.text if isinstance(happening, ThoughtDelta) else ""


def pieces(text: str) -> Iterator[str]:
    """The text in pieces that fit a line of every protocol; none for no text."""
    return (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))


def dollars(micros: int) -> str:
    """Micro-dollars as a person reads them."""
    return f"${micros / 1_000_000:.4f}"
