"""The bases that a twin command works on: those of the data folder, or of a file that is named."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from local_twins.airtable import Store
from pyairtable_app.embedded import EmbeddedAirtable, open_store
from pyairtable_app.errors import CannotOpenData
from pyairtable_app.settings import Settings


@contextmanager
def opened(settings: Settings, database: Path | None) -> Iterator[Store]:
    """The data folder's bases with the samples, or those of the named file, made when it is missing.

    Raises CannotOpenData when another process has them.
    """
    if database is None:
        with closing(EmbeddedAirtable(settings.data.folder)) as folder:
            if (store := folder.claimed_store()) is None:
                raise CannotOpenData(
                    f"DATA_DIR={settings.data.folder} is served by another process at {folder.owner_url}: "
                    "use that, or name another file with --db."
                )
            yield store
        return
    lock = _locked(database)
    try:
        with closing(open_store(database)) as store:
            yield store
    finally:
        lock.release()


def _locked(database: Path) -> FileLock:
    """The lock of the file, held: two processes would not see each other's changes to a schema."""
    lock = FileLock(f"{database}.lock")
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise CannotOpenData(f"--db {database} is in use by another process.") from None
    except OSError as error:
        raise CannotOpenData(f"--db {database}: cannot be opened ({error.strerror}).") from error
    return lock
