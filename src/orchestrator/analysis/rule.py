"""A rule: a name, what its findings have in common, and the function that looks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from orchestrator.analysis.facts import Base, Table
from orchestrator.analysis.finding import Category, Finding, Level, Sign

Look = Callable[[Base, Table], Iterator[Sign]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`look` yields what it sees in a table of a base; what it does not see costs nothing."""

    issue: str
    category: Category
    priority: Level
    effort: Level
    confidence: float
    recommendation: str
    look: Look

    @property
    def about(self) -> str:
        """What the rule looks for."""
        return (self.look.__doc__ or "").strip()

    def findings(self, base: Base, table: Table) -> Iterator[Finding]:
        """The rule's findings in the table."""
        for sign in self.look(base, table):
            yield Finding(
                category=self.category,
                issue=self.issue,
                table_id=table.id,
                table=table.name,
                field=sign.field,
                priority=self.priority,
                description=sign.description,
                evidence=sign.evidence,
                recommendation=self.recommendation,
                effort=self.effort,
                confidence=self.confidence if sign.confidence is None else sign.confidence,
            )


def rule(
    category: Category, *, priority: Level, effort: Level, confidence: float, then: str
) -> Callable[[Look], Rule]:
    """Make a rule of a function, named after it; `then` is what to do about each of its findings."""

    def made(look: Look) -> Rule:
        return Rule(look.__name__, category, priority, effort, confidence, then, look)

    return made
