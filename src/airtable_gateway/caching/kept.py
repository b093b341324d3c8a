"""How an answer is kept: under which key, and in which form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """The side of a read at which its answer is kept.

    `key` tells it apart from other reads of the `table`; `dump` makes JSON of a value, and `load` a value of
    that and its age in seconds. One that `is_fresh` takes no kept answer, and is kept itself.
    """

    table: str
    key: str
    dump: Callable[[T], Any]
    load: Callable[[Any, float], T]
    is_fresh: bool = False
