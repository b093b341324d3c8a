"""How large a formula, and what it builds, may be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Each can be set; beyond one of the first four the text is refused, beyond another the value fails.

    Airtable documents none of them; a filter in a URL ends at 16,000 characters, a long text at 100,000.
    """

    characters: int = 50_000
    """Characters of a formula."""

    tokens: int = 20_000
    """Names, numbers, texts, operators, parentheses and commas of a formula."""

    nesting: int = 200
    """Levels of parentheses, arguments and operators within each other."""

    arguments: int = 1_000
    """Arguments of one call."""

    result_characters: int = 100_000
    """Characters of a text that is built: by &, REPT, SUBSTITUTE, TEXTJOIN and all others."""

    array_items: int = 10_000
    """Items of an array, those of arrays in it counted."""

    workdays: int = 1_000_000
    """Working days that WORKDAY goes in either direction; dates end at the years 1 and 9999."""


LIMITS = Limits()
