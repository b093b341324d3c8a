"""Addresses from which files did not come, as long as they are worth remembering."""

from collections import OrderedDict
from datetime import datetime, timedelta

_INTERVAL = timedelta(minutes=10)
_TIMES = 2
"""docs, "Attachments": an address that "fails to upload multiple times in a short time interval"."""
_KEPT = 1000


class Failing:
    """When each address failed lately; the process that ends forgets it."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, list[datetime]] = OrderedDict()

    def note(self, url: str, now: datetime) -> None:
        """A file did not come from there."""
        self._failures[url] = [*self._lately(url, now), now]
        self._failures.move_to_end(url)
        if len(self._failures) > _KEPT:
            self._failures.popitem(last=False)

    def is_hopeless(self, url: str, now: datetime) -> bool:
        """Whether it failed so often that it is not tried again for now."""
        return len(self._lately(url, now)) >= _TIMES

    def _lately(self, url: str, now: datetime) -> list[datetime]:
        return [failed for failed in self._failures.get(url, ()) if now - failed < _INTERVAL]
