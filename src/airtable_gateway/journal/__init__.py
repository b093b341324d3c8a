"""Who changed what, told from its repetition and taken back: a layer over any Gateway.

The journals on a disk are `airtable_gateway.journal.sqlite` and `.postgres`; only wiring imports them.
"""

from airtable_gateway.journal.author import Author
from airtable_gateway.journal.change import Change, Failure, Image, Operation, Place, State, UndoPromise
from airtable_gateway.journal.discretion import Discretion
from airtable_gateway.journal.errors import ChangeNotFound, JournalError, KeyReused, NotUndoable, UndoConflict
from airtable_gateway.journal.journaled import JournaledGateway
from airtable_gateway.journal.memory import MemoryJournal
from airtable_gateway.journal.plan import Difference, Step
from airtable_gateway.journal.port import ChangePage, ChangeQuery, Journal
from airtable_gateway.journal.signed import SignedGateway
from airtable_gateway.journal.undone import Undone

__all__ = [
    # The layer
    "Author",
    "JournaledGateway",
    "SignedGateway",
    "Discretion",
    # What it keeps
    "Change",
    "ChangePage",
    "Failure",
    "Image",
    "Operation",
    "Place",
    "State",
    "UndoPromise",
    # Where it keeps it
    "ChangeQuery",
    "Journal",
    "MemoryJournal",
    # What was taken back
    "Difference",
    "Step",
    "Undone",
    # Errors
    "ChangeNotFound",
    "JournalError",
    "KeyReused",
    "NotUndoable",
    "UndoConflict",
]
