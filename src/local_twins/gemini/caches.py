"""Cached contents: a beginning of a prompt that is named once and billed at the cached rate after."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count as counted
from typing import Any

from local_twins.gemini.checking import camel
from local_twins.gemini.errors import ApiError
from local_twins.gemini.tokens import count

_DEFAULT_TTL = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CachedContent:
    """A named beginning, until it expires."""

    name: str
    model: str
    tokens: int
    created: datetime
    expires: datetime

    @property
    def body(self) -> dict[str, Any]:
        """The resource as the API gives it."""
        return {
            "name": self.name,
            "model": self.model,
            "createTime": _text(self.created),
            "updateTime": _text(self.created),
            "expireTime": _text(self.expires),
            "usageMetadata": {"totalTokenCount": self.tokens},
        }


@dataclass(slots=True)
class Caches:
    """The cached contents of one twin."""

    now: Callable[[], datetime]
    _kept: dict[str, CachedContent] = field(default_factory=dict)
    _numbers: "counted[int]" = field(default_factory=lambda: counted(1))

    def create(self, body: Any) -> CachedContent:
        """A new one from the request. Raises ApiError."""
        request = {camel(key): value for key, value in body.items()} if isinstance(body, dict) else {}
        model = request.get("model")
        if not isinstance(model, str) or not model.startswith("models/"):
            raise ApiError(400, "* CreateCachedContentRequest.cached_content.model: model is not specified")
        said = [request[key] for key in ("contents", "systemInstruction", "tools") if key in request]
        created = self.now()
        name = f"cachedContents/c{next(self._numbers)}"
        made = CachedContent(name, model, count(said), created, created + _ttl(request.get("ttl")))
        self._kept[name] = made
        return made

    def get(self, name: str) -> CachedContent:
        """The one of that name. Raises ApiError when there is none, or none any more."""
        kept = self._kept.get(name)
        if kept is None or kept.expires <= self.now():
            raise ApiError(403, "CachedContent not found (or permission denied)")
        return kept

    def delete(self, name: str) -> None:
        """Forget it. Raises ApiError."""
        del self._kept[self.get(name).name]

    def all(self) -> list[CachedContent]:
        """Those that have not expired, oldest first."""
        return [kept for kept in self._kept.values() if kept.expires > self.now()]


def _ttl(value: Any) -> timedelta:
    """A duration as Google's JSON writes it: "300s"."""
    if value is None:
        return _DEFAULT_TTL
    try:
        seconds = float(str(value).removesuffix("s"))
    except ValueError:
        raise ApiError(400, f"Invalid value at 'cached_content.ttl' (Duration), {value!r}") from None
    return timedelta(seconds=seconds)


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
