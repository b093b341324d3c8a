"""Which base and which table a person means."""

import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from local_twins.gemini.demo.work import Json, Stopped, ask, shown
from local_twins.gemini.turn import Call

_MOST_BASES = 12

_FILLING = frozenset(["all", "are", "base", "in", "of", "our", "records", "rows", "table", "the", "there"])
"""Words that say nothing of which records are meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """A table of a base, with its fields' types by name; the first field is the primary one."""

    base: str
    base_name: str
    table: str
    fields: dict[str, str]
    primary: str

    def has(self, name: str) -> bool:
        """Whether a field is called so, whatever its case."""
        return any(_loose(field) == _loose(name) for field in self.fields)

    def field(self, name: str) -> str:
        """The field that is meant, whatever its case. Raises Stopped."""
        meant = _loose(name)
        found = next((field for field in self.fields if _loose(field) == meant), None)
        if found is None:
            raise Stopped(f"{self.table} has no field {shown(name)}. It has {', '.join(self.fields)}.")
        return found


def mentioned(name: str, text: str) -> bool:
    """Whether the text names it, as it is or in the singular or plural."""
    words = f" {_loose(text)} "
    return any(f" {form} " in words for form in _forms(_loose(name)))


def left_over(words: str, place: Place) -> str:
    """What the words say beside the table and its base."""
    known = {*_FILLING, *_loose(place.base_name).split()}
    known.update(word for form in _forms(_loose(place.table)) for word in form.split())
    return " ".join(word for word in _loose(words).split() if word not in known)


def find_base(question: str, hint: str) -> Generator[Call, Any, Json]:
    """The base that is named, else the only one, else that of the last call. Raises Stopped."""
    bases = (yield from ask("list_bases"))["bases"]
    if not bases:
        raise Stopped("There is no base yet.")
    named = [base for base in bases if mentioned(base["name"], question)]
    known = [base for base in bases if hint in (base["id"], base["name"])]
    found = _longest(named) or (bases[0] if len(bases) == 1 else None) or (known[0] if known else None)
    if found is None:
        raise Stopped(f"Which base? There are {_listed(base['name'] for base in bases)}.")
    return found


def find_table(words: str, question: str, hint: str) -> Generator[Call, Any, Place]:
    """The table that `words` name, in the base that is named or the only one that has it. Raises Stopped."""
    bases = (yield from ask("list_bases"))["bases"]
    named = [base for base in bases if mentioned(base["name"], question)]
    looked_at: list[str] = []
    found: list[Place] = []
    for base in (named or _first(bases, hint))[:_MOST_BASES]:
        listed = yield from ask("list_tables", base_id=base["id"])
        matching = [table for table in listed["tables"] if mentioned(table["name"], words)]
        looked_at.extend(table["name"] for table in listed["tables"])
        if matching:
            found.append(_place(listed, max(matching, key=lambda table: len(table["name"]))))
        if found and base["id"] == hint:
            break
    if not found:
        raise Stopped(f"I see no table {shown(words)}. There are {_listed(looked_at)}.")
    if len(found) > 1:
        raise Stopped(f"In which base? {_listed(place.base_name for place in found)} have such a table.")
    return found[0]


def _place(listed: Json, table: Json) -> Place:
    fields = dict(table.get("fields", {}))
    primary = table.get("primary_field") or next(iter(fields), "")
    return Place(listed["base_id"], listed["base_name"], table["name"], fields, primary)


def _first(bases: Sequence[Json], hint: str) -> list[Json]:
    return sorted(bases, key=lambda base: base["id"] != hint)


def _longest(bases: Sequence[Json]) -> Json | None:
    return max(bases, key=lambda base: len(base["name"]), default=None)


def _loose(name: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", name.casefold()).split())


def _forms(name: str) -> Iterable[str]:
    yield name
    yield f"{name}s"
    if name.endswith("ies"):
        yield f"{name[:-3]}y"
    if name.endswith("s"):
        yield name[:-1]


def _listed(names: Iterable[str]) -> str:
    known = list(dict.fromkeys(names))
    return ", ".join(known[:20]) or "none"
