"""What clients ask a model for on the side: a title, tags, follow-ups. Answered without a model or tools."""

import json
import re
from collections.abc import Callable
from typing import Any

_TASK = re.compile(r"^\s*### Task:", re.IGNORECASE)
_TITLE = re.compile(r"\b(concise|short)\b[^.\n]*\btitle\b|\bgenerate a[^.\n]*\btitle\b", re.IGNORECASE)
_HISTORY = re.compile(r"<chat_history>\s*(.*?)\s*</chat_history>", re.IGNORECASE | re.DOTALL)
_SPEAKER = re.compile(r"^\s*(user|human)\s*:\s*", re.IGNORECASE | re.MULTILINE)
_LONGEST = 60


def _title(text: str) -> Any:
    return {"title": _first_words(text)}


def _tags(_: str) -> Any:
    return {"tags": ["Airtable"]}


def _follow_ups(_: str) -> Any:
    return {"follow_ups": []}


def _queries(_: str) -> Any:
    return {"queries": []}


_CHORES: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"\bfollow[- ]?up", re.IGNORECASE), _follow_ups),
    (re.compile(r"\btags?\b", re.IGNORECASE), _tags),
    (re.compile(r"\bquer(y|ies)\b", re.IGNORECASE), _queries),
    (re.compile(r"\btitle\b", re.IGNORECASE), _title),
)
"""Told apart by the first sentence of the task (Open WebUI's prompts)."""


def answer_chore(text: str) -> str | None:
    """The answer, if the text is such a chore; None for what a person says."""
    if _TASK.match(text):
        task = "\n".join(text.splitlines()[:3])
        chore = next((chore for pattern, chore in _CHORES if pattern.search(task)), None)
        return None if chore is None else json.dumps(chore(text), ensure_ascii=False)
    if _TITLE.search(text[:200]) and ("conversation" in text[:400].casefold() or _HISTORY.search(text)):
        return _first_words(text)
    return None


def _first_words(text: str) -> str:
    """The beginning of what the person said first in the history."""
    history = _HISTORY.search(text)
    said = history[1] if history else text
    first = _SPEAKER.split(said)[-1] if history is None else _first_of(said)
    words = " ".join(first.split())
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def _first_of(history: str) -> str:
    found = _SPEAKER.search(history)
    rest = history[found.end() :] if found else history
    return re.split(r"^\s*(?:assistant|ai)\s*:", rest, flags=re.IGNORECASE | re.MULTILINE)[0]
