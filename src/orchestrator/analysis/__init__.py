"""Schema analysis: rules over a base's schema and a sample of its records; a model may word the findings."""

from orchestrator.analysis.analyses import Analyses, Analysis, Asked, State, Wording
from orchestrator.analysis.collecting import NEEDED_TOOLS, Collector
from orchestrator.analysis.errors import AnalysisNotFound, AnalysisRefused
from orchestrator.analysis.facts import Base, Column, Table
from orchestrator.analysis.finding import CATEGORIES, Category, Finding, finding_to_json
from orchestrator.analysis.judging import judge
from orchestrator.analysis.rules import RULES
from orchestrator.analysis.wording import Words
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
    "State",
    "Wording",
    "Words",
    "write_back",
    # What goes wrong
    "AnalysisRefused",
    "AnalysisNotFound",
]
