"""What was made of an object, for when the very same object comes again."""

from collections.abc import Callable
from typing import Generic, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


class OncePerObject(Generic[Given, Made]):
    """Makes something of each object once. For objects that nobody changes, and that JSON keeps from a hash.

    It forgets everything when it knows of `most` objects: those in use are soon known again.
    """

    def __init__(self, make: Callable[[Given], Made], *, most: int) -> None:
        self._make = make
        self._most = most
        self._known: dict[int, tuple[Given, Made]] = {}

    def __call__(self, given: Given) -> Made:
        """What comes of the object."""
        known = self._known.get(id(given))
        if known is None:
            if len(self._known) >= self._most:
                self._known.clear()
            # With the object itself, so that no other one gets its id.
            known = self._known[id(given)] = given, self._make(given)
        return known[1]
