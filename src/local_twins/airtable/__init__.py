"""A local Airtable: the Web API over one SQLite file, with computed fields, for any client of the real one.

`Store` keeps the bases, `create_app` serves them, `TwinServer` puts the application on a port of its own.
`import_document` and `export_document` move whole bases in and out, as `docs/import-format.md` tells.
"""

from local_twins.airtable.faults.faults import Faults
from local_twins.airtable.faults.rule import FaultsRefused
from local_twins.airtable.feed.pings import PingRules, WebhookPings
from local_twins.airtable.files.fetcher import Fetcher
from local_twins.airtable.model.schema import User
from local_twins.airtable.page.access import PageAccess
from local_twins.airtable.storage.store import OWNER, Clock, Store
from local_twins.airtable.transfer.exporting import export_document
from local_twins.airtable.transfer.importing import Document, import_document
from local_twins.airtable.transfer.refusals import ImportRefused
from local_twins.airtable.transfer.shipped import SAMPLES, load_samples
from local_twins.airtable.transfer.snapshots import NoSnapshot, reset, restore_snapshot, save_snapshot
from local_twins.airtable.transfer.streaming import import_file
from local_twins.airtable.web.app import create_app
from local_twins.airtable.web.auth import AnyToken, ListedTokens, Tokens
from local_twins.airtable.web.deliveries import deliveries
from local_twins.airtable.web.grants import Grant
from local_twins.airtable.web.limiter import RateLimit
from local_twins.airtable.writing.fetching import FileFetching
from local_twins.dropping import DroppingProtocol
from local_twins.server import TwinServer

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
    "PageAccess",
    # Failures on purpose
    "Faults",
    "FaultsRefused",
    "DroppingProtocol",
    # Behind the answers: files of attachments given by address, and webhooks
    "deliveries",
    "FileFetching",
    "Fetcher",
    "WebhookPings",
    "PingRules",
    # Moving whole bases
    "import_document",
    "import_file",
    "export_document",
    "Document",
    "ImportRefused",
    "SAMPLES",
    "load_samples",
    # Keeping and bringing back the whole store
    "save_snapshot",
    "restore_snapshot",
    "reset",
    "NoSnapshot",
    # Who may ask
    "Tokens",
    "AnyToken",
    "ListedTokens",
    "Grant",
]
