"""What looks wrong with a table's records, each finding with its evidence.

A rule looks at one field's profile; the rules are a table, `RULES`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyairtable_mcp.analysis.profiles.choice_facts import ChoiceFacts
from pyairtable_mcp.analysis.profiles.column import SHOWN, Sighting
from pyairtable_mcp.analysis.profiles.date_facts import FAR_YEARS, DateFacts
from pyairtable_mcp.analysis.profiles.number_facts import NumberFacts
from pyairtable_mcp.analysis.profiles.profile import FieldProfile, TableProfile
from pyairtable_mcp.analysis.profiles.text_facts import TextFacts, Variants

_LOW_FILL = 50.0  # percent, as in the system that this one replaces
_KEY_SHARE = 0.9
_PRIMARY_SHARE = 0.5
_KEY_TYPES = ("singleLineText", "email", "url", "phoneNumber", "barcode", "formula")
_WORDS = {"email": "an e-mail address", "url": "a web address", "phoneNumber": "a telephone number"}


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` names the rule; `evidence` holds counts, and up to five records, values or groups."""

    code: str
    field: str
    message: str
    evidence: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """{code, field, message, evidence}."""
        return {
            "code": self.code,
            "field": self.field,
            "message": self.message,
            "evidence": dict(self.evidence),
        }


Rule = Callable[[FieldProfile], Iterator[Finding]]


def findings(profile: TableProfile) -> list[Finding]:
    """All that looks wrong, field by field; nothing of a table without records."""
    return [finding for field in profile.fields if field.total for rule in RULES for finding in rule(field)]


def _found(code: str, profile: FieldProfile, message: str, evidence: Mapping[str, Any]) -> Iterator[Finding]:
    yield Finding(code, profile.field.name, f"{profile.field.name} {message}", evidence)


def _sighted(code: str, profile: FieldProfile, seen: Sighting, message: str) -> Iterator[Finding]:
    """The finding if anything was seen; `{n}` in the message is how often, with the word for it."""
    if seen.count:
        yield from _found(code, profile, message.format(n=_counted(seen.count, "value")), seen.to_json())


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _fill(profile: FieldProfile) -> Iterator[Finding]:
    """empty_field: nothing in any record. low_fill: less than half of the cells are filled."""
    evidence = {"filled_count": profile.filled, "empty_count": profile.empty}
    if not profile.filled:
        yield from _found("empty_field", profile, f"is empty in all {profile.total} records.", evidence)
    elif profile.fill_rate < _LOW_FILL:
        message = f"is filled in {profile.fill_rate:.3g} % of the records."
        yield from _found("low_fill", profile, message, evidence)


def _constant(profile: FieldProfile) -> Iterator[Finding]:
    """One value wherever there is one, in two records or more."""
    if profile.distinct == 1 and profile.repeats:
        (repeat,) = profile.repeats
        message = f"has the same value in all {_counted(repeat.count, 'filled cell')}: {repeat.value!r}."
        yield from _found("constant", profile, message, repeat.to_json())


def _almost_unique(profile: FieldProfile) -> Iterator[Finding]:
    """A few repeats in a possible key: nine in ten values differ, or half of those of the primary field."""
    share = profile.distinct / profile.filled if profile.filled else 0
    enough = _PRIMARY_SHARE if profile.is_primary else _KEY_SHARE
    if profile.repeats and share >= enough and _could_be_key(profile):
        evidence = {
            "distinct_count": profile.distinct,
            "filled_count": profile.filled,
            "repeated": [repeat.to_json() for repeat in profile.repeats],
        }
        message = f"is almost a key: {profile.distinct} different values in {profile.filled} filled cells."
        yield from _found("almost_unique", profile, message, evidence)


def _could_be_key(profile: FieldProfile) -> bool:
    """Measures repeat by chance: of the numbers, only whole ones name things."""
    if isinstance(profile.facts, NumberFacts):
        return profile.facts.all_whole and profile.field.type in ("number", "formula")
    return profile.is_primary or (isinstance(profile.facts, TextFacts) and profile.field.type in _KEY_TYPES)


def _errors(profile: FieldProfile) -> Iterator[Finding]:
    """Cells that Airtable could not compute."""
    yield from _sighted("error_values", profile, profile.errors, "holds errors instead of {n}.")


def _spellings(profile: FieldProfile) -> Iterator[Finding]:
    """One value written in several ways."""
    match profile.facts:
        case TextFacts(variants=groups) | ChoiceFacts(variants=groups) if groups:
            message = f"spells {_counted(len(groups), 'value')} in several ways (case, width or white space)."
            yield from _found("spelling_variants", profile, message, _groups(groups))


def _groups(groups: tuple[Variants, ...]) -> Mapping[str, Any]:
    return {"count": len(groups), "groups": [group.to_json() for group in groups[:SHOWN]]}


def _texts(profile: FieldProfile) -> Iterator[Finding]:
    """blank_text, invalid_text, and stricter_type: texts that all look like another type's."""
    if isinstance(profile.facts, TextFacts):
        facts, wanted = profile.facts, _WORDS.get(profile.field.type)
        yield from _sighted("blank_text", profile, facts.blank, "has {n} of white space alone.")
        yield from _sighted("invalid_text", profile, facts.invalid, f"has {{n}} unlike {wanted}.")
        if facts.looks_like:
            evidence = {
                "looks_like": facts.looks_like,
                "count": profile.filled,
                "examples": [top.value for top in facts.top[:SHOWN]],
            }
            message = f"is text, but each value would fit the type {facts.looks_like}."
            yield from _found("stricter_type", profile, message, evidence)


def _outliers(profile: FieldProfile) -> Iterator[Finding]:
    """Numbers far beyond the quartiles."""
    if isinstance(profile.facts, NumberFacts):
        low, high = profile.facts.quantiles[1], profile.facts.quantiles[3]
        message = f"has {{n}} far from the others, half of which lie between {low:g} and {high:g}."
        yield from _sighted("outliers", profile, profile.facts.outliers, message)


def _choices(profile: FieldProfile) -> Iterator[Finding]:
    """Choices that the field offers and none of the records has."""
    match profile.facts:
        case ChoiceFacts(unused=names) if names:
            evidence = {"count": len(names), "choices": list(names[:SHOWN])}
            message = f"offers {_counted(len(names), 'choice')} that none of the {profile.total} records has."
            yield from _found("unused_choices", profile, message, evidence)


def _dates(profile: FieldProfile) -> Iterator[Finding]:
    """Dates more than a hundred years away."""
    if isinstance(profile.facts, DateFacts):
        message = f"has {{n}} more than {FAR_YEARS} years away."
        yield from _sighted("far_dates", profile, profile.facts.far, message)


RULES: tuple[Rule, ...] = (
    _fill,
    _constant,
    _almost_unique,
    _errors,
    _spellings,
    _texts,
    _outliers,
    _choices,
    _dates,
)
"""Every rule, in the order in which a field's findings are told."""
