"""What the demo understands: a pattern and an example for each request."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from local_twins.gemini.demo import reading, writing
from local_twins.gemini.demo.work import Work

_IN_BASE = r"(?:\s+(?:of|in)\s+(?:the\s+)?(?:base\s+)?(?P<base>[^,:]+?))?"
_WHERE = r"(?:\s+where\s+(?P<where>.+?))?"
_QUOTED = r"\"[^\"]+\"|'[^']+'|“[^”]+”"


@dataclass(frozen=True, slots=True)
class Request:
    """`work` is given the match and the id of the base that was spoken of last."""

    pattern: re.Pattern[str]
    example: str
    work: Callable[[re.Match[str], str], Work]


def _request(pattern: str, example: str, work: Callable[[re.Match[str], str], Work]) -> Request:
    return Request(re.compile(rf"^\s*(?:please\s+)?{pattern}\s*[?.!]*\s*$", re.IGNORECASE), example, work)


REQUESTS: tuple[Request, ...] = (
    _request(
        r"(?:(?:which|what)\s+bases(?:\s+.*)?|(?:list|show)(?:\s+me)?(?:\s+all)?(?:\s+the)?\s+bases)",
        "Which bases are there?",
        reading.bases,
    ),
    _request(
        r"(?:(?:which|what)\s+tables(?:\s+.*)?|(?:list|show)(?:\s+me)?(?:\s+all)?(?:\s+the)?\s+tables(?:\s+.*)?)",
        "Which tables are in BASE?",
        reading.tables,
    ),
    _request(
        r"(?:describe|(?:which|what)\s+(?:fields|columns)\s+(?:are\s+in|has|does))\s+(?:the\s+)?(?:table\s+)?"
        rf"(?P<table>.+?)(?:\s+have)?{_IN_BASE}",
        "Describe TABLE.",
        reading.describe,
    ),
    _request(
        r"how\s+many\s+(?:(?:records|rows)\s+(?:are\s+(?:there\s+)?in|has|does)\s+(?:the\s+)?(?:table\s+)?)?"
        rf"(?P<table>.+?)(?:\s+(?:are\s+there|do\s+we\s+have|have|exist))?{_IN_BASE}{_WHERE}",
        "How many TABLE are there where FIELD is VALUE?",
        reading.count,
    ),
    _request(
        rf"(?:find|search|show|list)(?:\s+me)?(?:\s+for)?\s+(?P<text>{_QUOTED}|\S.*?)\s+in\s+(?:the\s+)?"
        r"(?:table\s+)?(?P<table>[^,:]+?)(?P<where>(?!))?",
        'Find "TEXT" in TABLE.',
        reading.find,
    ),
    _request(
        rf"(?:find|search|show|list)(?:\s+me)?(?:\s+all)?(?:\s+the)?\s+(?P<text>(?!))?(?P<table>.+?){_WHERE}",
        "Show TABLE where FIELD > VALUE.",
        reading.find,
    ),
    _request(
        r"(?:add|create)\s+(?:a\s+)?(?:new\s+)?(?:record|row)\s+(?:to|in)\s+(?:the\s+)?(?:table\s+)?"
        rf"(?P<table>[^:,]+?){_IN_BASE}\s*(?::|\bwith\b)\s*(?P<cells>.+?)",
        "Add a record to TABLE: FIELD = VALUE, FIELD = VALUE",
        writing.add,
    ),
    _request(
        rf"(?:change|set|update)\s+(?:the\s+)?(?P<field>.+?)\s+of\s+(?P<name>{_QUOTED}|.+?)\s+in\s+(?:the\s+)?"
        rf"(?:table\s+)?(?P<table>.+?)\s+to\s+(?P<value>{_QUOTED}|.+?)",
        'Change FIELD of "NAME" in TABLE to VALUE',
        writing.change,
    ),
    _request(
        rf"(?:change|set|update)\s+(?:the\s+)?(?P<field>.+?)\s+of\s+(?P<name>{_QUOTED}|.+?)\s+to\s+"
        rf"(?P<value>{_QUOTED}|.+?)\s+in\s+(?:the\s+)?(?:table\s+)?(?P<table>.+?)",
        'Change FIELD of "NAME" to VALUE in TABLE',
        writing.change,
    ),
    _request(
        rf"(?:delete|remove)\s+(?:the\s+record\s+)?(?P<name>{_QUOTED}|.+?)\s+(?:from|in)\s+(?:the\s+)?"
        r"(?:table\s+)?(?P<table>.+?)",
        'Delete "NAME" from TABLE.',
        writing.delete,
    ),
    _request(
        r"(?:what\s+(?:has\s+|was\s+)?changed|(?:list|show)(?:\s+me)?(?:\s+the)?(?:\s+last)?\s+changes)"
        r"(?:\s+(?:last|lately|recently|so\s+far|here|now))?",
        "What changed?",
        reading.changes,
    ),
    _request(
        r"(?:undo|revert|take\s+back)(?:\s+(?:that|it|the\s+last\s+change))?", "Undo that.", writing.undo
    ),
)
"""Tried in this order; the first whose pattern fits the whole sentence does the work."""
