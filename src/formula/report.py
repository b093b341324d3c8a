"""What a check of a formula found."""

from dataclasses import dataclass, field

from formula.tree import Span

BLOCKING = frozenset({"unknown_function", "unknown_field", "wrong_argument_count"})
"""Problems with which a formula does not run at all; with any other it runs, and fails where it must."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a formula.

    `code` is unknown_function, unknown_field, wrong_argument_count or wrong_type; `span` are the offsets of
    the place in the text; `suggestion` is what to write instead, or empty; `name` is the field, function or
    operator that it is about.
    """

    code: str
    message: str
    span: Span
    suggestion: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All problems in the order of the text, the type of the result, and the fields that are read.

    `result_type` is text, number, boolean, date, array, blank or any; `depends_on` are names, in order of
    appearance.
    """

    problems: tuple[Problem, ...]
    result_type: str
    depends_on: tuple[str, ...] = field(default=())

    @property
    def is_runnable(self) -> bool:
        """Whether nothing in the formula keeps it from being evaluated."""
        return not any(problem.code in BLOCKING for problem in self.problems)
