"""One value from one field type to another, with a verdict on what is lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from fields.cell import Options, check_asker
from fields.conversion.carrying import carry, written
from fields.conversion.kinds import Kind
from fields.conversion.readings import left_out
from fields.conversion.sides import Side, source_side, target_side
from fields.field_type import is_empty
from fields.numerals import is_number
from fields.problems import Problem, Refusal
from fields.wording import quoted, shown

Loss: TypeAlias = Literal["lossless", "lossy", "impossible"]


@dataclass(frozen=True, slots=True)
class Converted:
    """`value` in the new type's normal form and `text` as a person reads it there.

    `loss` is "lossless" if the new value says all that the old one said, "lossy" if it says less or had to be
    guessed, and "impossible" if the cell would be empty; `problems` are what is in the way of a value then.
    `why` says what is lost, in words; it is empty for what is lossless.
    """

    value: Any = None
    loss: Loss = "lossless"
    text: str = ""
    problems: tuple[Problem, ...] = ()
    why: str = ""


def convert(
    value: Any,
    from_type: str,
    to_type: str,
    *,
    from_options: Options | None = None,
    to_options: Options | None = None,
    locale: str = "en",
    time_zone: str = "utc",
) -> Converted:
    """What Airtable leaves in the cell when its field changes type; an empty cell stays empty.

    Most values go by way of their text, as the old field shows it. Links go by the records' names: give them
    as {"id", "name"} members. Choices that the new options do not list are in `.value`, for the caller to
    create; people and linked records known by name are to be looked up. Options that a field of the type
    could not have are problems under "from_options" and "to_options". Raises moments.MomentError for an
    unknown zone or locale, nothing else.
    """
    check_asker(locale, time_zone)
    try:
        source = source_side(from_type, from_options, locale=locale, time_zone=time_zone)
        target = target_side(to_type, to_options, locale=locale, time_zone=time_zone)
        value = written(value, source)
        made = None if is_empty(value) else carry(value, source, target)
    except Refusal as refusal:
        return _impossible(refusal.problems)
    loss, why = _verdict(value, made, source, target)
    if loss == "impossible":
        return _impossible([_unreadable(value, target)])
    return Converted(made, loss, target.show(made), why=why)


def _impossible(problems: Iterable[Problem]) -> Converted:
    told = tuple(problems)
    return Converted(loss="impossible", problems=told, why=" ".join(problem.message for problem in told))


def _verdict(value: Any, made: Any, source: Side, target: Side) -> tuple[Loss, str]:
    if is_empty(value):
        return "lossless", ""
    reasons = left_out(value, made, target) if source.kind is Kind.TEXT and isinstance(value, str) else None
    if reasons == () or _is_same(value, made, source, target):
        return "lossless", ""
    # An empty checkbox is a value, too: 0 becomes it.
    is_unchecked = target.kind is Kind.FLAG and is_number(value) and value == 0
    if is_empty(made) and not is_unchecked:
        return "impossible", ""
    kept = f"Of {quoted(source.show(value))} {quoted(target.show(made))} is kept."
    return "lossy", " ".join(reasons or (kept,))


def _is_same(value: Any, made: Any, source: Side, target: Side) -> bool:
    """Whether the new value, carried back, is the old one."""
    try:
        back = None if is_empty(made) else carry(made, target, source)
        # A file is told by its id; what Airtable adds to it is not written.
        own = carry(value, source, source) if source.kind is Kind.FILE else value
    except Refusal:
        return False
    alike = (is_number(back) and is_number(own)) or type(back) is type(own)
    return alike and bool(back == own)


def _unreadable(value: Any, target: Side) -> Problem:
    message = f"{target.type.label} can make nothing of {shown(value)}; the cell would be empty."
    return Problem("not_convertible", message)
