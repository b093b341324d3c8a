"""The log of a server: JSON in production, else lines for a person; secrets of the settings never in it."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from urllib.parse import urlsplit

from pyairtable_app.settings import Secret, Settings


def write_log(settings: Settings) -> bool:
    """Write the log from now on; False without the package, and then Python's own goes on."""
    try:
        from pyairtable_platform.kernel import logs
    except ModuleNotFoundError:
        return False
    logs.configure(as_json=settings.environment.is_production, secrets=secrets_of(settings))
    return True


def secrets_of(settings: Settings) -> set[str]:
    """Every secret, and the passwords in addresses."""
    found = {secret.value for secret in _secrets(settings)}
    return found | {password for value in found if (password := urlsplit(value).password)}


def _secrets(value: Any) -> Iterator[Secret]:
    match value:
        case Secret():
            yield value
        case Mapping():
            for item in value.values():
                yield from _secrets(item)
        case _ if is_dataclass(value):
            for part in fields(value):
                yield from _secrets(getattr(value, part.name))
