"""The data folder: whether it can be used, by whom, and how much room there is; and the journal in it."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from airtable_gateway import AirtableError
from airtable_gateway.journal.port import ChangeQuery
from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient
from pyairtable_app.errors import CannotStart

_LITTLE_ROOM = 200 * 1024 * 1024
_NO_ROOM = 20 * 1024 * 1024


async def check(patient: Patient) -> list[Finding]:
    """The data folder."""
    tell = Findings("data folder")
    folder = patient.settings.data.folder
    existing = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    if not existing.is_dir():
        return [tell.wrong(f"{existing} is no folder", "Set DATA_DIR to another place.")]
    if not os.access(existing, os.W_OK | os.X_OK):
        return [tell.wrong(f"{existing} cannot be written", "Set DATA_DIR to a folder that this user owns.")]
    made = "" if existing == folder else ", made at the first start"
    return [tell.ok(f"{folder} can be written{made}"), *_room(existing, tell), *_others(patient, tell)]


def _room(folder: Path, tell: Findings) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    shown = f"{free // 1024**2:,} MB are free there"
    if free < _NO_ROOM:
        yield tell.wrong(shown, "Make room, or set DATA_DIR to another disk.")
    elif free < _LITTLE_ROOM:
        yield tell.warning(shown, "Make room soon: the journal and exports grow.")
    else:
        yield tell.ok(shown)


def _others(patient: Patient, tell: Findings) -> Iterator[Finding]:
    """Who else may read the folder, and who serves the sample bases out of it."""
    folder = patient.settings.data.folder
    if not folder.is_dir():
        return
    if patient.platform != "win32" and stat.S_IMODE(folder.stat().st_mode) & 0o007:
        yield tell.warning(f"every user of this machine may look into {folder}", f"chmod 700 {folder}")
    lock = folder / "airtable.lock"
    if not lock.exists():
        return
    try:
        with FileLock(lock).acquire(timeout=0):
            return
    except Timeout:
        url = folder / "airtable.url"
        where = f" at {url.read_text(encoding='utf-8').strip()}" if url.is_file() else ""
        yield tell.ok(f"another process serves its sample bases{where}; others join it")


async def journal(patient: Patient) -> list[Finding]:
    """The journal opened and read as a server does it; one that is not there yet is left alone."""
    from pyairtable_app.wiring.stores import Stores

    tell = Findings("journal")
    settings = patient.settings
    if not settings.journal.is_on:
        return [tell.ok("off: what is written cannot be listed or undone (JOURNAL)")]
    url = settings.stores.database_url
    is_server = url is not None and url.value.startswith("postgres")
    file = settings.data.folder / "journal.db"
    if is_server and patient.is_offline:
        return []
    if not is_server and not file.exists():
        return [tell.ok(f"{file} is made at the first start")]
    place = "the services' database" if is_server else str(file)
    try:
        async with Stores(settings, is_watched=False).journal as opened:
            newest = (await opened.changes(ChangeQuery(limit=1))).changes
    except (AirtableError, CannotStart, OSError) as error:
        remedy = (
            "See stores." if is_server else f"Move {file} away; a new one is made, and the old one stays."
        )
        return [tell.wrong(f"{place} cannot be read: {error}", remedy)]
    last = f"the last change is of {newest[0].at:%Y-%m-%d %H:%M} UTC" if newest else "no change is noted yet"
    return [tell.ok(f"{place} is readable; {last}")]
