"""The answer to every question asked of this package: a normal value and its text, or what is wrong."""

from dataclasses import dataclass
from typing import Any

from fields.problems import Problem


@dataclass(frozen=True, slots=True)
class Checked:
    """`value` in its normal form, as the REST API takes and gives it, and `text` as a person reads it.

    An empty value ("", [], false) is None, as Airtable leaves it out of what it returns.
    `warnings` say what typecasting changed, dropped or would create; they leave `ok` true.
    With problems, `value` is None; a record keeps its good cells, options stay as they were given.
    """

    value: Any = None
    text: str = ""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems
