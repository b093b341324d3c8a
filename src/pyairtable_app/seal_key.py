"""The key that seals cursors: kept in the data folder, so that they outlive a restart."""

import os
import secrets
from pathlib import Path

from pyairtable_app.errors import CannotOpenData

_BYTES = 32


def kept_key(folder: Path) -> bytes:
    """The folder's key, made when there is none yet. Raises CannotOpenData."""
    path = folder / "seal.key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _made(path) if not path.exists() else _read(path)
    except FileExistsError:
        return _read(path)
    except OSError as error:
        raise CannotOpenData(f"{path} cannot be read or made ({error.strerror}).") from error


def _made(path: Path) -> bytes:
    """A new key, unless another process makes one at the same moment. Raises FileExistsError."""
    key = secrets.token_bytes(_BYTES)
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    try:
        # Whole or not at all: a link fails where a file is, and nobody reads a half-written key.
        os.link(new, path)
    finally:
        new.unlink()
    return key


def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise CannotOpenData(f"{path} is no key of {_BYTES} bytes; remove it, and a new one is made.")
    return key
