"""The sample bases that come with the package."""

import gzip
import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from local_twins.airtable.storage.store import Store
from local_twins.airtable.transfer.importing import import_document

_PACKED, _PLAIN = ".json.gz", ".json"


def _shipped() -> dict[str, Traversable]:
    folder = files("local_twins.airtable") / "samples"
    found = sorted(folder.iterdir(), key=lambda item: item.name)
    return {
        item.name.removesuffix(_PACKED).removesuffix(_PLAIN): item
        for item in found
        if item.name.endswith((_PACKED, _PLAIN))
    }


SAMPLES: tuple[str, ...] = tuple(_shipped())
"""The names of the sample bases' files, without their endings."""


def sample(name: str) -> dict[str, Any]:
    """The document of a sample base, in import format. Raises KeyError."""
    packed = _shipped()[name]
    raw = packed.read_bytes()
    document: dict[str, Any] = json.loads(gzip.decompress(raw) if packed.name.endswith(_PACKED) else raw)
    return document


def load_samples(store: Store) -> dict[str, int]:
    """Import every sample base; how much came in. Raises ImportRefused when one is there already."""
    totals: dict[str, int] = {}
    with store.transaction():
        for name in SAMPLES:
            for kind, count in import_document(store, sample(name)).items():
                totals[kind] = totals.get(kind, 0) + count
    return totals
