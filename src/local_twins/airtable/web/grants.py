"""What the bearer of a token may do: as which user, with which scopes, in which bases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

LEVELS = ("none", "read", "comment", "edit", "create")
"""Airtable's permission levels on a base, each with all that the ones before it may do."""

SCOPES = frozenset(
    {
        "data.records:read",
        "data.records:write",
        "data.recordComments:read",
        "data.recordComments:write",
        "schema.bases:read",
        "schema.bases:write",
        "workspacesAndBases:read",
        "workspacesAndBases:write",
        "webhook:manage",
        "user.email:read",
    }
)
"""The scopes of Airtable's tokens that an endpoint here asks for (docs: "Scopes")."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A user, and the limits of a token; `scopes` None means all of them, `bases` None full access to all."""

    user_id: str
    scopes: frozenset[str] | None = None
    bases: Mapping[str, str] | None = None

    @classmethod
    def of(cls, told: object) -> Self:
        """What a user id or `{"user", "scopes"?: [...], "bases"?: {id: level}}` grants. Raises ValueError."""
        if isinstance(told, str) and told:
            return cls(told)
        if not isinstance(told, Mapping) or not isinstance(told.get("user"), str) or not told["user"]:
            raise ValueError('a token stands for a user id, or for {"user", "scopes"?, "bases"?}')
        unknown = sorted(set(told) - {"user", "scopes", "bases"})
        if unknown:
            raise ValueError(f"a token has no {', '.join(map(str, unknown))}")
        return cls(told["user"], _scopes(told.get("scopes")), _levels(told.get("bases")))

    def has(self, scopes: frozenset[str]) -> bool:
        """Whether the token carries all those scopes."""
        return self.scopes is None or scopes <= self.scopes

    def level(self, base_id: str) -> str:
        """The permission level on a base."""
        return "create" if self.bases is None else self.bases.get(base_id, "none")

    def reaches(self, level: str, base_id: str) -> bool:
        """Whether the user may do on that base what asks for `level`."""
        return LEVELS.index(self.level(base_id)) >= LEVELS.index(level)


def _scopes(told: Any) -> frozenset[str] | None:
    if told is None:
        return None
    if not isinstance(told, list | tuple) or not all(isinstance(scope, str) for scope in told):
        raise ValueError("scopes are a list of names")
    if unknown := sorted(set(told) - SCOPES):
        raise ValueError(f"no such scope: {', '.join(unknown)}; there are {', '.join(sorted(SCOPES))}")
    return frozenset(told)


def _levels(told: Any) -> Mapping[str, str] | None:
    if told is None:
        return None
    levels = dict(told) if isinstance(told, Mapping) else None
    if levels is None:
        raise ValueError("bases are permission levels by base id")
    if unknown := sorted({str(level) for level in levels.values()} - set(LEVELS)):
        raise ValueError(f"no such permission level: {', '.join(unknown)}; there are {', '.join(LEVELS)}")
    return levels
