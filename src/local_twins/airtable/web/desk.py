"""What stays the same between the requests of one application."""

from dataclasses import dataclass, field

from local_twins.airtable.faults.counts import Counts
from local_twins.airtable.faults.faults import Faults
from local_twins.airtable.reading.iterators import Iterators
from local_twins.airtable.storage.store import Store
from local_twins.airtable.web.auth import Tokens
from local_twins.airtable.web.limiter import Limiter


@dataclass(slots=True)
class Desk:
    """The store, who may use it and how fast, and the faults in force, which may be exchanged at any time."""

    store: Store
    tokens: Tokens
    limiter: Limiter
    faults: Faults
    iterators: Iterators = field(default_factory=Iterators)
    counts: Counts = field(default_factory=Counts)
