"""The rules of the analysis, a file a category; `RULES` has them all."""

from orchestrator.analysis.rule import Rule
from orchestrator.analysis.rules import (
    data_quality,
    field_types,
    indexing,
    naming_conventions,
    normalization,
    performance,
    relationships,
    structure,
)

RULES: tuple[Rule, ...] = (
    *structure.RULES,
    *normalization.RULES,
    *field_types.RULES,
    *relationships.RULES,
    *performance.RULES,
    *data_quality.RULES,
    *naming_conventions.RULES,
    *indexing.RULES,
)

__all__ = ["RULES"]
