"""The commands `twin airtable snapshot`, `restore` and `import`: whole bases kept, brought back, copied."""

import asyncio
import sqlite3
import sys
from pathlib import Path

from airtable_gateway import AirtableError
from local_twins.airtable import (
    Document,
    Fetcher,
    FileFetching,
    ImportRefused,
    NoSnapshot,
    Store,
    import_document,
    restore_snapshot,
    save_snapshot,
)
from pyairtable_app.base_copy import copied_document
from pyairtable_app.errors import CannotOpenData
from pyairtable_app.settings import Settings
from pyairtable_app.twin_store import opened
from pyairtable_app.wiring import Wiring

_FILE_PATIENCE_SECONDS = 3600.0


def snapshot(settings: Settings, database: Path | None, path: Path) -> None:
    """Write all bases to a new file. Raises CannotOpenData."""
    with opened(settings, database) as store:
        try:
            save_snapshot(store, path)
        except FileExistsError as error:
            raise CannotOpenData(f"{path} exists already; name another file.") from error
        except (OSError, sqlite3.Error) as error:
            raise CannotOpenData(f"{path}: cannot be written ({error}).") from error
        print(f"Kept {_names(store)} in {path}")


def restore(settings: Settings, database: Path | None, path: Path) -> None:
    """Let the bases be those of a snapshot, and no others. Raises CannotOpenData; then nothing is changed."""
    with opened(settings, database) as store:
        try:
            restore_snapshot(store, path)
        except NoSnapshot as error:
            raise CannotOpenData(f"{error}.") from error
        print(f"Brought back {_names(store)} from {path}")


def copy_base(settings: Settings, database: Path | None, base: str, *, allow_private_urls: bool) -> None:
    """Copy a base of the Airtable that the settings name, with its files. Raises CannotOpenData."""
    if settings.airtable.is_embedded:
        raise CannotOpenData(
            "--from-airtable needs an Airtable to copy from: set AIRTABLE_API_KEY (and AIRTABLE_ENDPOINT_URL "
            "for another address)."
        )
    document = asyncio.run(_read(settings, base))
    with opened(settings, database) as store:
        _take(store, document, Fetcher(allow_private_urls=allow_private_urls))


async def _read(settings: Settings, base: str) -> Document:
    wiring = Wiring(settings)
    async with wiring.running():
        try:
            return await copied_document(wiring.gateway, base)
        except AirtableError as error:
            raise CannotOpenData(f"--from-airtable {base}: {error}") from error


def _take(store: Store, document: Document, fetcher: Fetcher) -> None:
    """Import the copy, then fetch its files: the addresses that it came with end after two hours.

    People who are known already keep the names that they have here.
    """
    strangers = [person for person in document["users"] if person["id"] not in store.users]
    try:
        counts = import_document(store, {**document, "users": strangers})
    except ImportRefused as error:
        raise CannotOpenData(f"--from-airtable: {error}") from error
    with FileFetching(store, fetcher) as fetching:
        files = fetching.ask_for_all(document["bases"][0]["id"])
        fetching.settle(_FILE_PATIENCE_SECONDS)
    sys.stderr.write(f"Copied {counts}, and asked for {files} files\n")


def _names(store: Store) -> str:
    return ", ".join(base.name for base in store.bases()) or "no bases"
