"""What can be counted of links, boxes and files."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyairtable_mcp.analysis.profiles.column import Column

# From how many links on a record falls into the bucket of that name.
_BUCKETS = {0: "0", 1: "1", 2: "2", 3: "3-5", 6: "6-10", 11: "11-50", 51: "51-"}


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """`distribution` is how many records have 0, 1, 2, 3-5, 6-10, 11-50 or more links; `mean` is over all."""

    links: int
    linked_records: int
    mean: float
    max: int
    distribution: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """{link_count, linked_record_count, avg_links, max_links, links_per_record {bucket: records}}."""
        return {
            "link_count": self.links,
            "linked_record_count": self.linked_records,
            "avg_links": round(self.mean, 2),
            "max_links": self.max,
            "links_per_record": dict(self.distribution),
        }


@dataclass(frozen=True, slots=True)
class CheckboxFacts:
    """How many boxes are ticked, of all records."""

    ticked: int
    total: int

    def to_json(self) -> dict[str, Any]:
        """{ticked_count, ticked_share}; the share in percent."""
        return {"ticked_count": self.ticked, "ticked_share": round(100 * self.ticked / self.total, 2)}


@dataclass(frozen=True, slots=True)
class AttachmentFacts:
    """Files, their bytes, and how many there are of each content type."""

    files: int
    bytes: int
    largest: int
    types: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """{attachment_count, total_bytes, largest_bytes, content_types {type: files}}."""
        return {
            "attachment_count": self.files,
            "total_bytes": self.bytes,
            "largest_bytes": self.largest,
            "content_types": dict(self.types),
        }


def measure_links(column: Column) -> LinkFacts | None:
    """The facts of a column of links, None without records."""
    if not column.total:
        return None
    lengths = [len(cell.value) if isinstance(cell.value, list) else 1 for cell in column.cells]
    lengths += [0] * (column.total - len(lengths))
    starts, names = list(_BUCKETS), list(_BUCKETS.values())
    counts = Counter(names[bisect_right(starts, length) - 1] for length in lengths)
    return LinkFacts(
        links=sum(lengths),
        linked_records=len({str(cell.value) for cell in column.members()}),
        mean=sum(lengths) / len(lengths),
        max=max(lengths),
        distribution={name: counts[name] for name in names if counts[name]},
    )


def measure_boxes(column: Column) -> CheckboxFacts | None:
    """The facts of a column of boxes, None without records."""
    boxes = [cell.value is True for cell in column.members()]
    return CheckboxFacts(sum(boxes), len(boxes)) if boxes else None


def measure_files(column: Column) -> AttachmentFacts | None:
    """The facts of a column of attachments, None if it has none; a size not told counts 0."""
    files = [cell.value for cell in column.members() if isinstance(cell.value, Mapping)]
    if not files:
        return None
    sizes = [int(file.get("size") or 0) for file in files]
    types = Counter(str(file.get("type") or "unknown") for file in files)
    return AttachmentFacts(len(files), sum(sizes), max(sizes), dict(types.most_common()))
