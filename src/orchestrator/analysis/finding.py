"""A finding: what is wrong where, by which numbers, and what to do about it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Category = Literal[
    "structure",
    "normalization",
    "field_types",
    "relationships",
    "performance",
    "data_quality",
    "naming_conventions",
    "indexing",
]

CATEGORIES: Mapping[Category, str] = {
    "structure": "Tables that are empty, too wide, or the same table twice.",
    "normalization": "Facts that are kept more than once, lists in a cell, numbered columns.",
    "field_types": "Columns whose values would fit a stricter type.",
    "relationships": "Texts that repeat another table's records, links that nobody uses.",
    "performance": "What makes a base slow: many computed fields, long chains, clocks, heavy texts.",
    "data_quality": "Empty, broken, odd and differently spelled values.",
    "naming_conventions": "Names that are left over, alike, or in another style than their neighbours.",
    "indexing": "Primary fields by which no record can be found.",
}

Level = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`issue` names the rule; `evidence` holds the numbers; `field` is empty for a finding about a table.

    `confidence` is how sure the rule is, from 0 to 1.
    """

    category: Category
    issue: str
    table_id: str
    table: str
    field: str
    priority: Level
    description: str
    evidence: Mapping[str, Any]
    recommendation: str
    effort: Level
    confidence: float
    worded_by: Literal["rules", "model"] = "rules"


@dataclass(frozen=True, slots=True)
class Sign:
    """What a rule saw: the finding without what the rule itself says of all of its findings."""

    description: str
    evidence: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""
    confidence: float | None = None


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """The finding's fields as JSON."""
    return asdict(finding)
