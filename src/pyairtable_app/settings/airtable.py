"""Which Airtable is asked, with what credential, and how hard."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pyairtable_app.errors import SettingError
from pyairtable_app.settings.reading import Env, Secret, Variable, choice, secret, url

Cache = Literal["schemas", "off", "memory", "redis"]

_CACHES: Mapping[str, Cache] = {"schemas": "schemas", "off": "off", "memory": "memory", "redis": "redis"}

REAL_AIRTABLE = "https://api.airtable.com"

VARIABLES = (
    Variable(
        "AIRTABLE_API_KEY", "", "Airtable's personal access token. Without it the sample bases are served."
    ),
    Variable("AIRTABLE_TOKEN", "", "The same under another name."),
    Variable("AIRTABLE_API_KEY_FILE", "", "A file that holds the token instead."),
    Variable("AIRTABLE_ENDPOINT_URL", "", "Another address that speaks Airtable's Web API."),
    Variable("AIRTABLE_RATE_LIMIT", "5", "Requests a second for each base; off for measurements."),
    Variable(
        "AIRTABLE_MARK_FIELD",
        "",
        "A text field that new records are marked in, where a table has it; lost creates are then repeated.",
    ),
    Variable(
        "CACHE",
        "schemas",
        "What is kept between calls: schemas; also records for some seconds, in memory or in redis; or off.",
    ),
)


@dataclass(frozen=True, slots=True)
class AirtableSettings:
    """The way to Airtable; `requests_a_second` None means no limit."""

    token: Secret | None
    url: str | None
    requests_a_second: float | None
    mark_field: str
    cache: Cache

    @classmethod
    def from_env(cls, env: Env) -> "AirtableSettings":
        """Read the environment. Raises SettingError."""
        return cls(
            token=secret(env, "AIRTABLE_API_KEY") or secret(env, "AIRTABLE_TOKEN"),
            url=url(env, "AIRTABLE_ENDPOINT_URL"),
            requests_a_second=_rate(env, "AIRTABLE_RATE_LIMIT"),
            mark_field=env.get("AIRTABLE_MARK_FIELD", "").strip(),
            cache=_CACHES[choice(env, "CACHE", tuple(_CACHES))],
        )

    @property
    def caches_schemas(self) -> bool:
        """Whether schemas are kept between calls."""
        return self.cache != "off"

    @property
    def caches_records(self) -> bool:
        """Whether records are kept for some seconds."""
        return self.cache in ("memory", "redis")

    @property
    def is_embedded(self) -> bool:
        """Whether Airtable is the local one: neither an address nor a token names another."""
        return self.url is None and self.token is None


def _rate(env: Env, name: str) -> float | None:
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
