"""What the environment says, read once.

`VARIABLES` is the whole list: the README's table and `.env.example` are held against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pyairtable_app.errors import SettingError

Validation = Literal["airtable", "strict", "off"]

AIRTABLE = "https://api.airtable.com"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


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


VARIABLES = (
    Variable(
        "AIRTABLE_API_KEY", "", "Airtable's personal access token. Without it the sample bases are served."
    ),
    Variable("AIRTABLE_TOKEN", "", "The same under another name."),
    Variable("AIRTABLE_API_KEY_FILE", "", "A file that holds the token instead."),
    Variable("AIRTABLE_ENDPOINT_URL", "", "Another address that speaks Airtable's Web API."),
    Variable("AIRTABLE_RATE_LIMIT", "5", "Requests a second for each base; off for measurements."),
    Variable("CACHE", "memory", "Where schemas are kept between calls: memory or off."),
    Variable(
        "VALIDATION", "airtable", "What writes are held to: airtable (with strict warnings), strict, off."
    ),
    Variable(
        "DATA_DIR", "", "Where local data live. Default: ./data under make run, else the user's data folder."
    ),
    Variable(
        "API_KEY", "", "What HTTP clients must send as bearer token. Without it only this machine is served."
    ),
    Variable("API_KEY_FILE", "", "A file that holds that key instead."),
    Variable(
        "ALLOWED_HOSTS",
        "",
        "Host names, separated by commas, under which the server is reached from outside.",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process; `requests_a_second` None means no limit."""

    airtable_token: Secret | None
    airtable_url: str | None
    requests_a_second: float | None
    caches_schemas: bool
    validation: Validation
    data_dir: Path
    api_key: Secret | None
    allowed_hosts: tuple[str, ...]

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read the environment. Raises SettingError."""
        return cls(
            airtable_token=_secret(env, "AIRTABLE_API_KEY") or _secret(env, "AIRTABLE_TOKEN"),
            airtable_url=_url(env, "AIRTABLE_ENDPOINT_URL"),
            requests_a_second=_rate(env, "AIRTABLE_RATE_LIMIT"),
            caches_schemas=_choice(env, "CACHE", ("memory", "off")) == "memory",
            validation=_validation(env, "VALIDATION"),
            data_dir=Path(env["DATA_DIR"]).expanduser() if env.get("DATA_DIR") else _user_data_dir(),
            api_key=_secret(env, "API_KEY"),
            allowed_hosts=tuple(
                name.strip() for name in env.get("ALLOWED_HOSTS", "").split(",") if name.strip()
            ),
        )

    @property
    def is_embedded(self) -> bool:
        """Whether Airtable is the local one: neither an address nor a token names another."""
        return self.airtable_url is None and self.airtable_token is None


def _user_data_dir() -> Path:
    from platformdirs import user_data_path

    return user_data_path("pyairtable-mcp", appauthor=False)


def _secret(env: Mapping[str, str], name: str) -> Secret | None:
    """The variable, else the first line of the file that its `_FILE` twin names."""
    if value := env.get(name, "").strip():
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


def _url(env: Mapping[str, str], name: str) -> str | None:
    value = env.get(name, "").strip().rstrip("/")
    if value and not value.startswith(("http://", "https://")):
        raise SettingError(f"{name}={value!r}: an address begins with http:// or https://.")
    return value or None


def _rate(env: Mapping[str, str], name: str) -> float | None:
    value = env.get(name, "").strip().lower() or "5"
    if value == "off":
        return None
    try:
        rate = float(value)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise SettingError(
            f"{name}={value!r}: allowed are off, or a number above 0 (requests a second a base)."
        )
    return rate


def _validation(env: Mapping[str, str], name: str) -> Validation:
    modes: dict[str, Validation] = {"airtable": "airtable", "strict": "strict", "off": "off"}
    return modes[_choice(env, name, tuple(modes))]


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    """One of `allowed`, the first by default."""
    value = env.get(name, "").strip().lower() or allowed[0]
    if value not in allowed:
        raise SettingError(f"{name}={value!r}: allowed are {', '.join(allowed)}.")
    return value
