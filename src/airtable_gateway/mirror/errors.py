"""What can go wrong with a copy of a base, and with a question to it.

AirtableError
└── MirrorError
    ├── MirrorsNotKept      this process keeps no copies
    ├── TooManyMirrors      as many are kept as may be
    ├── MirrorNotReady      the first copy is under way
    ├── MirrorUnusable      its file cannot be read or written
    └── QueryRefused        the question cannot be answered
        ├── QueryTooSlow        in the time that a question has
        └── QueryTooLarge       in the memory that a question has
"""

from airtable_gateway.errors import AirtableError


class MirrorError(AirtableError):
    """A local copy of a base cannot serve."""

    code = "mirror_error"


class MirrorsNotKept(MirrorError):
    """Copies of bases are wanted of a gateway that keeps none."""

    code = "mirrors_not_kept"
    hint = "Read the records with get_records."


class TooManyMirrors(MirrorError):
    """As many copies are in use as one process keeps."""

    code = "too_many_mirrors"
    hint = "Ask again in a few minutes, when another base is no longer in use, or read it with get_records."


class MirrorNotReady(MirrorError):
    """The base is being copied for the first time."""

    code = "mirror_not_ready"
    hint = "Ask again in a minute; the copy goes on meanwhile."


class MirrorUnusable(MirrorError):
    """The file of the copy cannot be read or written."""

    code = "mirror_unusable"
    hint = "Ask again: a copy that is broken is made anew. If that does not help, look at the disk."


class QueryRefused(MirrorError):
    """The statement is none that a copy answers, or names what is not there."""

    code = "query_refused"


class QueryTooSlow(QueryRefused):
    """The answer took longer than a question may take."""

    code = "query_too_slow"
    hint = "Filter earlier, join on ids, or ask for a smaller part."


class QueryTooLarge(QueryRefused):
    """The answer needed more memory than a question may use."""

    code = "query_too_large"
    hint = "Filter earlier, aggregate, or choose fewer columns."
