"""A local Airtable: the Web API over one SQLite file, with computed fields, for any client of the real one.

`Store` keeps the bases, `create_app` serves them, `TwinServer` puts the application on a port of its own.
`import_document` and `export_document` move whole bases in and out; their format is told in `importing`.
"""

from local_twins.airtable.app import create_app
from local_twins.airtable.auth import AnyToken, ListedTokens, Tokens
from local_twins.airtable.exporting import export_document
from local_twins.airtable.importing import Document, import_document
from local_twins.airtable.limiter import RateLimit
from local_twins.airtable.refusals import ImportRefused
from local_twins.airtable.schema import User
from local_twins.airtable.server import TwinServer
from local_twins.airtable.shipped import SAMPLES, load_samples
from local_twins.airtable.store import OWNER, Clock, Store

__all__ = [
    # Keeping
    "Store",
    "Clock",
    "User",
    "OWNER",
    # Serving
    "create_app",
    "TwinServer",
    "RateLimit",
    # Moving whole bases
    "import_document",
    "export_document",
    "Document",
    "ImportRefused",
    "SAMPLES",
    "load_samples",
    # Who may ask
    "Tokens",
    "AnyToken",
    "ListedTokens",
]
