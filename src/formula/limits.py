"""How large a formula, and what it builds, may be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Each can be set; beyond one of the first four the text is refused, beyond another the value fails.

    Airtable documents none of them; a filter in a URL ends at 16,000 characters, a long text at 100,000.
    """

    characters: int = 50_000
    tokens: int = 20_000
    nesting: int = 200
    arguments: int = 1_000
    result_characters: int = 100_000
    array_items: int = 10_000
    workdays: int = 1_000_000


LIMITS = Limits()
