"""Records that say the same in some fields, exactly or nearly."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from airtable_gateway import Record
from pyairtable_mcp.analysis import blocking
from pyairtable_mcp.analysis.similarity import Entry, likeness


@dataclass(frozen=True, slots=True)
class Member:
    """A record of a group, and how like the group's first record it is, 0 to 1."""

    record: Record
    score: float


@dataclass(frozen=True, slots=True)
class Group:
    """Records that are duplicates of each other, the one created first in front; `values` are its values."""

    values: Mapping[str, Any]
    members: tuple[Member, ...]

    def to_json(self) -> dict[str, Any]:
        """{duplicate_values, record_count, records[{id, fields, created_time, score}]}."""
        return {
            "duplicate_values": dict(self.values),
            "record_count": len(self.members),
            "records": [
                {
                    "id": member.record.id,
                    "fields": member.record.fields,
                    "created_time": member.record.created_time,
                    "score": round(member.score, 3),
                }
                for member in self.members
            ],
        }


def find(
    records: Iterable[Record], fields: Sequence[str], *, threshold: float = 1.0, ignore_empty: bool = True
) -> list[Group]:
    """The groups of duplicates by the fields of these names, largest first, then by their first record.

    At threshold 1 the values are equal but for case, width, white space and the order of lists (`identity`).
    Below, records are linked whose `likeness` reaches the threshold; a group is what links connect, so its
    members may be less like the first one than that: their scores tell. Above a thousand different records
    only likely pairs are compared (`blocking`).
    With `ignore_empty`, a record with an empty cell among the fields is left out, else empty equals empty.
    An unticked box is a value. The order of `records` does not matter.
    Raises ValueError for no fields, or a threshold that is not above 0 and at most 1.
    """
    if not fields:
        raise ValueError("Name at least one field to compare.")
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold is above 0 and at most 1, not {threshold}.")
    ordered = sorted(records, key=_age)
    entries = list(_entries(ordered, fields, ignore_empty=ignore_empty))
    clusters = [[entry] for entry in entries] if threshold == 1 else _linked(entries, threshold)
    groups = [
        _group(cluster, fields) for cluster in clusters if sum(len(entry.records) for entry in cluster) > 1
    ]
    return sorted(groups, key=lambda group: (-len(group.members), _age(group.members[0].record)))


def _age(record: Record) -> tuple[str, str]:
    return record.created_time, record.id


def _entries(records: Sequence[Record], fields: Sequence[str], *, ignore_empty: bool) -> Iterator[Entry]:
    """The records by what they say in the fields; what is equal is one entry."""
    boxes = {field for field in fields if _is_checkbox(field, records)}
    equal: dict[tuple[Any, ...], Entry] = {}
    for record in records:
        values = tuple(record.fields.get(field, False if field in boxes else None) for field in fields)
        entry = Entry.of(values)
        if not (ignore_empty and None in entry.identities):
            equal.setdefault(entry.identities, entry).records.append(record)
    return iter(equal.values())


def _is_checkbox(field: str, records: Sequence[Record]) -> bool:
    """Whether every value there is is true: Airtable leaves the false ones out of checkboxes alone."""
    values = [record.fields[field] for record in records if record.fields.get(field) is not None]
    return bool(values) and all(value is True for value in values)


def _linked(entries: Sequence[Entry], threshold: float) -> list[list[Entry]]:
    """The entries that likeness connects, in the order of their first members."""
    leaders = list(range(len(entries)))
    for one, other in blocking.pairs(entries):
        first, second = _leader(leaders, one), _leader(leaders, other)
        if first != second and likeness(entries[one], entries[other], threshold) >= threshold:
            leaders[max(first, second)] = min(first, second)
    clusters: dict[int, list[Entry]] = {}
    for index, entry in enumerate(entries):
        clusters.setdefault(_leader(leaders, index), []).append(entry)
    return list(clusters.values())


def _leader(leaders: list[int], index: int) -> int:
    while leaders[index] != index:
        leaders[index] = leaders[leaders[index]]
        index = leaders[index]
    return index


def _group(cluster: Sequence[Entry], fields: Sequence[str]) -> Group:
    first = cluster[0]
    members = [
        Member(record, score)
        for entry in cluster
        for score in [1.0 if entry is first else likeness(first, entry)]
        for record in entry.records
    ]
    members.sort(key=lambda member: _age(member.record))
    values = {field: first.records[0].fields.get(field) for field in fields}
    return Group(values, tuple(members))
