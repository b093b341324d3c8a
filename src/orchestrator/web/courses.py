"""Conversations that a client tells whole each time: which session is meant, and what a new one is told."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.web.completions import verdict_of


@dataclass(frozen=True, slots=True)
class Said:
    """A message by its role; texts alone count."""

    role: str
    text: str


def is_course(said: Sequence[str], before: Sequence[Said]) -> bool:
    """Whether what was said in a session, message by message, is what the client says was said before.

    A session may have begun in the middle, with the messages before it told at once. Words that may be a
    decision about an approval are not compared: as a decision they are no message.
    """
    places = [
        place
        for place, message in enumerate(before)
        if message.role == "user" and verdict_of(message.text) is None
    ]
    known = [text for text in said if verdict_of(text) is None]
    if not known or len(known) > len(places):
        return False
    first, *later = places[len(places) - len(known) :]
    begun = {with_history(before[:first], before[first].text)}
    if first == places[0]:
        begun.add(before[first].text)
    return known[0] in begun and known[1:] == [before[place].text for place in later]


def with_history(before: Sequence[Said], text: str) -> str:
    """The first message of a session, with what the client says was said before, marked as that."""
    told = "\n".join(
        f"{message.role}: {message.text}" for message in before if message.role in ("user", "assistant")
    )
    return f"<earlier_conversation>\n{told}\n</earlier_conversation>\n\n{text}" if told else text
