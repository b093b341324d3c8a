"""A piece of generated code, with what is known of the value that it computes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from formula.shapes import SINGLE, Kind, Shape


class NotWritable(Exception):
    """The generated back end cannot follow this tree; the closures can."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """An expression of Python and the shape of its value.

    `stored` is what stands in the place of a value of its kind, where it is known: float or int for a number
    (an int has fewer than 16 digits), datetime for a date of which only the instant is kept; `is_day` then
    says whether it is a calendar day. `is_safe` code cannot fail, `is_name` code costs nothing to repeat.
    `constant` is the value of a literal.
    """

    code: str
    shape: Shape
    stored: type | None = None
    is_day: bool = False
    is_safe: bool = False
    is_name: bool = False
    constant: Any = None

    @property
    def is_instant(self) -> bool:
        """Whether it computes a datetime in place of a DateValue."""
        return self.stored is datetime

    @property
    def is_single(self) -> bool:
        """Whether it is known to be no array."""
        return self.shape.kind in SINGLE

    def has(self, kind: Kind) -> bool:
        """Whether it is of that kind, and never blank."""
        return self.shape.kind is kind and not self.shape.may_be_blank

    def named(self, name: str) -> Fragment:
        """The same value, kept under a name."""
        return replace(self, code=name, is_name=True, is_safe=True)
