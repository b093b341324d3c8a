"""How a variable is read: a secret or the file that holds it, an address, a number, one of a few words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyairtable_app.errors import SettingError

Env = Mapping[str, str]

# Clients pass on what stands in their file when the variable that it names is not set: ${NAME}, {env:NAME}.
_UNFILLED = re.compile(r"\$?\{[\w:.-]+\}")


@dataclass(frozen=True, slots=True)
class Secret:
    """Text that never prints."""

    value: str

    def __repr__(self) -> str:
        return "***"

    def __str__(self) -> str:
        return "***"


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the environment, as the documentation shows it."""

    name: str
    default: str
    meaning: str


def secret(env: Env, name: str) -> Secret | None:
    """The variable, else the first line of the file that its `_FILE` twin names. Raises SettingError."""
    if value := env.get(name, "").strip():
        if _UNFILLED.fullmatch(value):
            raise SettingError(
                f"{name} is {value}, a reference that the client did not fill in: set that variable where "
                f"the client is started, or name a file in {name}_FILE."
            )
        return Secret(value)
    path = env.get(f"{name}_FILE", "").strip()
    if not path:
        return None
    try:
        value = Path(path).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text"
        raise SettingError(f"{name}_FILE={path}: the file cannot be read ({reason}).") from error
    if not value:
        raise SettingError(f"{name}_FILE={path}: the file is empty; put the secret on its first line.")
    return Secret(value.splitlines()[0].strip())


def url(env: Env, name: str) -> str | None:
    """An address without its last slash. Raises SettingError."""
    value = env.get(name, "").strip().rstrip("/")
    if value and not value.startswith(("http://", "https://")):
        raise SettingError(f"{name}={value!r}: an address begins with http:// or https://.")
    return value or None


def words(env: Env, name: str) -> tuple[str, ...]:
    """The words of a list that commas separate."""
    return tuple(word.strip() for word in env.get(name, "").split(",") if word.strip())


def choice(env: Env, name: str, allowed: tuple[str, ...]) -> str:
    """One of `allowed`, the first by default. Raises SettingError."""
    value = env.get(name, "").strip().lower() or allowed[0]
    if value not in allowed:
        raise SettingError(f"{name}={value!r}: allowed are {', '.join(allowed)}.")
    return value
