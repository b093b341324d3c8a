"""Schema analysis: rules over a base's schema and a sample of its records; no model is asked."""

from orchestrator.analysis.analyses import Analyses, Analysis, Asked
from orchestrator.analysis.collecting import NEEDED_TOOLS, Collector
from orchestrator.analysis.errors import AnalysisNotFound, AnalysisRefused
from orchestrator.analysis.facts import Base, Column, Table
from orchestrator.analysis.finding import CATEGORIES, Category, Finding, finding_to_json
from orchestrator.analysis.judging import judge
from orchestrator.analysis.rules import RULES
from orchestrator.analysis.writing import write_back

__all__ = [
    # Judging
    "judge",
    "RULES",
    "CATEGORIES",
    "Category",
    "Finding",
    "finding_to_json",
    # What is judged
    "Base",
    "Table",
    "Column",
    "Collector",
    "NEEDED_TOOLS",
    # Batches
    "Analyses",
    "Analysis",
    "Asked",
    "write_back",
    # What goes wrong
    "AnalysisRefused",
    "AnalysisNotFound",
]
