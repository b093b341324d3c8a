"""The text of an answer as it grows: what was shown while the model spoke is not shown twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from orchestrator.events import Logged, ModelMessage, TextDelta
from orchestrator.web.conversing import Happening, text_of


@dataclass(slots=True)
class Speech:
    """Whoever joins late sees no moments, only messages; each gets every text once."""

    _shown: str = ""

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


@dataclass(frozen=True, slots=True)
class AskedCall:
    """A call as the model asked for it."""

    id: str
    name: str
    arguments: dict[str, Any]


def calls_of(message: ModelMessage) -> Iterator[AskedCall]:
    """The calls of a message, in their order."""
    for part in message.parts:
        call = part.get("functionCall") or part.get("function_call")
        if call:
            yield AskedCall(call.get("id", ""), call.get("name", ""), dict(call.get("args") or {}))


def dollars(micros: int) -> str:
    """Micro-dollars as a person reads them."""
    return f"${micros / 1_000_000:.4f}"
