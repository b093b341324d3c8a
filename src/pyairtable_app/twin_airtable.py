"""The command `twin airtable`: the local Airtable alone, for tests and for trying a change."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from local_twins.airtable import (
    AnyToken,
    DroppingProtocol,
    Faults,
    FaultsRefused,
    ImportRefused,
    ListedTokens,
    Store,
    Tokens,
    create_app,
    deliveries,
    export_document,
    import_file,
)
from pyairtable_app.errors import CannotOpenData, CannotServe
from pyairtable_app.serving import serve_app
from pyairtable_app.settings import LOOPBACK, Settings
from pyairtable_app.twin_store import opened


@dataclass(frozen=True, slots=True)
class TwinOptions:
    """What the command was asked for; `database` None means the data folder's."""

    database: Path | None
    host: str
    port: int
    imports: tuple[Path, ...]
    export: Path | None
    rate_limit: Literal["off", "bucket", "strict"]
    tokens: Path | None
    faults: Path | None
    allow_private_urls: bool


def run(settings: Settings, options: TwinOptions) -> None:
    """Import, then export and end, or serve until told to stop. Raises CannotStart."""
    if options.tokens is None and options.host not in LOOPBACK:
        raise CannotServe(f"--host {options.host} would let any token of any machine in: give --tokens FILE.")
    with opened(settings, options.database) as store:
        for path in options.imports:
            _import(store, path)
        if options.export:
            _export(store, options.export)
        else:
            with deliveries(store, allow_private_urls=options.allow_private_urls):
                _serve(store, options)


def _serve(store: Store, options: TwinOptions) -> None:
    app = create_app(
        store,
        tokens=_tokens(options.tokens),
        rate_limit=options.rate_limit,
        faults=_faults(options.faults),
        page="loopback" if options.tokens is None else "token",
    )
    serve_app(
        app,
        options.host,
        options.port,
        lambda url: f"A local Airtable is served at {url}/v0, its page at {url}/",
        protocol=DroppingProtocol,
    )


def _import(store: Store, path: Path) -> None:
    """Add the file's bases; nothing that exists is replaced."""
    try:
        counts = import_file(store, path)
    except ImportRefused as error:
        raise CannotOpenData(f"--import {path}: {error}") from error
    except OSError as error:
        raise CannotOpenData(f"--import {path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise CannotOpenData(f"--import {path}: not JSON ({error}).") from error
    sys.stderr.write(f"Imported {path}: {counts}\n")


def _export(store: Store, path: Path) -> None:
    text = json.dumps(export_document(store), ensure_ascii=False, indent=1) + "\n"
    if str(path) == "-":
        sys.stdout.write(text)
    else:
        path.write_text(text, encoding="utf-8")


def _tokens(path: Path | None) -> Tokens:
    """Any bearer token, or those of the file: a JSON object of user ids or grants by token."""
    if path is None:
        return AnyToken()
    listed = _json(path, "--tokens")
    if not isinstance(listed, dict):
        raise CannotOpenData(f'--tokens {path}: expected a JSON object {{"token": "user id"}}.')
    try:
        return ListedTokens(listed)
    except ValueError as error:
        raise CannotOpenData(f"--tokens {path}: {error}.") from error


def _faults(path: Path | None) -> Faults | None:
    """The rules of the file, None without one."""
    if path is None:
        return None
    try:
        return Faults.of(_json(path, "--faults"))
    except FaultsRefused as error:
        raise CannotOpenData(f"--faults {path}: {error}.") from error


def _json(path: Path, option: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotOpenData(f"{option} {path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise CannotOpenData(f"{option} {path}: not JSON ({error}).") from error
