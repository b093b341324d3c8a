"""The log beside a SQLite file in which its newest changes stand, brought to the disk by whoever needs it."""

import os
from pathlib import Path
from threading import Lock

_bring_to_disk = getattr(os, "fdatasync", os.fsync)
"""As SQLite does it itself where it waits for the disk: the system need not note when that was."""


class WriteAheadLog:
    """What was written without waiting is on the disk after `bring_to_disk`, once for all who ask together.

    SQLite makes the file when it opens its own, and keeps it until the last connection closes; so this one is
    opened after a connection and closed before it.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-wal")
        self._file: int | None = None
        self._bringing = Lock()
        self._written = 0
        self._on_disk = 0
        self._refused: OSError | None = None

    def open(self) -> None:
        """Make ready. Raises OSError."""
        self._file = os.open(self._path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        _bring_name_to_disk(self._path)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
        self._file = None

    def wrote(self) -> None:
        """Note that something was committed without waiting for the disk."""
        self._written += 1

    def bring_to_disk(self) -> None:
        """Return once all is on the disk that was noted before; any thread may call. Raises OSError.

        A disk that refused once is not asked again: the system takes what it could not write for written.
        """
        wanted = self._written
        with self._bringing:
            if self._refused is not None:
                raise self._refused
            if self._on_disk >= wanted:
                return
            reached = self._written
            self._write_out()
            self._on_disk = reached

    def _write_out(self) -> None:
        if self._file is None:
            raise RuntimeError("The log is not open.")
        try:
            _bring_to_disk(self._file)
        except OSError as error:
            self._refused = error
            raise


def _bring_name_to_disk(path: Path) -> None:
    """A new file can be lost with its contents on the disk, as long as its folder does not name it there."""
    if os.name != "posix":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
