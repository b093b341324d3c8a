"""What COUNTIF and its like take as a condition: ">5", "<>x", "a*", a number, a date."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from formula.coercion import alone
from formula.functions.numeric import iso_date
from formula.functions.regex import matches_whole
from formula.numerals import number_from
from formula.values import DateValue, ErrorValue, Failed, Value
from moments import parse_loose

_CRITERION = re.compile(r"(<>|<=|>=|=|<|>)?(.*)", re.DOTALL)
_WILD = re.compile(r"~([*?~])|([*?])|(.)", re.DOTALL)
_TRUTHS = {"true": True, "false": False}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Criterion:
    """An operator and what it compares with, read as every kind that its text can be."""

    sign: str
    text: str
    number: float | None = None
    truth: bool | None = None
    instant: datetime | None = None
    pattern: str | None = None
    folded: str = ""
    """The text without regard to capitals."""

    def holds(self, item: Value) -> bool:
        """Whether an item of an array meets it; items of another kind are only ever unequal."""
        match item:
            case None:
                return self._of_blank()
            case bool():
                return self._compared(item, self.number if self.truth is None else self.truth)
            case int() | float():
                return self._compared(item, self.number)
            case DateValue(instant=instant):
                return self._compared(instant, self.instant)
            case str():
                return self._of_text(item)
            case _:
                return self.sign == "<>"

    def _of_blank(self) -> bool:
        is_equal = self.text == ""
        return (self.sign == "=" and is_equal) or (self.sign == "<>" and not is_equal)

    def _of_text(self, item: str) -> bool:
        if self.instant is not None and (date := iso_date(item)):
            return self._compared(date.instant, self.instant)
        if self.number is not None:
            # "5" equals 5, but an order of numbers passes over text.
            found = number_from(item) if self.sign in ("=", "<>") else None
            return self._compared(found, self.number)
        if self.sign in ("=", "<>") and self.pattern is not None:
            return matches_whole(item, self.pattern) is (self.sign == "=")
        return self._compared(item.casefold(), self.folded)

    def _compared(self, item: Any, wanted: Any) -> bool:
        if item is None or wanted is None:
            return self.sign == "<>"
        return _COMPARE[self.sign](item, wanted)


def criterion(value: Value) -> Criterion:
    """The condition that a value of the formula stands for; a blank one is 0, as in Excel."""
    match alone(value):
        case str(text):
            return _of_text(text)
        case bool(truth):
            return Criterion("=", "TRUE" if truth else "FALSE", truth=truth, folded=str(truth).casefold())
        case DateValue(instant=instant) as date:
            return Criterion("=", date.iso(), instant=instant, folded=date.iso().casefold())
        case int() | float() as number:
            return Criterion("=", str(number), number=number)
        case ErrorValue(code=code, message=message):
            raise Failed(message, code)
        case _:
            return Criterion("=", "0", number=0)


def _of_text(text: str) -> Criterion:
    found = _CRITERION.fullmatch(text)
    sign, operand = (found[1] or "=", found[2]) if found else ("=", text)
    return Criterion(
        sign,
        literal(operand),
        number=number_from(operand) if operand.strip() else None,
        truth=_TRUTHS.get(operand.strip().lower()),
        instant=parse_loose(operand) if re.search("[0-9]", operand) else None,
        pattern=wildcard_pattern(operand),
        folded=literal(operand).casefold(),
    )


def wildcard_pattern(text: str) -> str | None:
    """The regular expression for a text with * and ? in it; None if it has none."""
    if not re.search(r"(?<!~)[*?]", text):
        return None
    return "(?is)" + _WILD.sub(_expression, text)


def literal(text: str) -> str:
    """The text without the ~ that takes the meaning from * ? and ~."""
    return re.sub(r"~([*?~])", r"\1", text)


def _expression(found: re.Match[str]) -> str:
    if found[2]:
        return {"*": ".*", "?": "."}[found[2]]
    return re.escape(found[1] if found[1] is not None else found[3])
