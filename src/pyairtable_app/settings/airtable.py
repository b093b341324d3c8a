"""Which Airtable is asked, with what credential, and how hard."""

from dataclasses import dataclass

from pyairtable_app.errors import SettingError
from pyairtable_app.settings.reading import Env, Secret, Variable, choice, secret, url

REAL_AIRTABLE = "https://api.airtable.com"

VARIABLES = (
    Variable(
        "AIRTABLE_API_KEY", "", "Airtable's personal access token. Without it the sample bases are served."
    ),
    Variable("AIRTABLE_TOKEN", "", "The same under another name."),
    Variable("AIRTABLE_API_KEY_FILE", "", "A file that holds the token instead."),
    Variable("AIRTABLE_ENDPOINT_URL", "", "Another address that speaks Airtable's Web API."),
    Variable("AIRTABLE_RATE_LIMIT", "5", "Requests a second for each base; off for measurements."),
    Variable("CACHE", "memory", "Where schemas are kept between calls: memory or off."),
)


@dataclass(frozen=True, slots=True)
class AirtableSettings:
    """The way to Airtable; `requests_a_second` None means no limit."""

    token: Secret | None
    url: str | None
    requests_a_second: float | None
    caches_schemas: bool

    @classmethod
    def from_env(cls, env: Env) -> "AirtableSettings":
        """Read the environment. Raises SettingError."""
        return cls(
            token=secret(env, "AIRTABLE_API_KEY") or secret(env, "AIRTABLE_TOKEN"),
            url=url(env, "AIRTABLE_ENDPOINT_URL"),
            requests_a_second=_rate(env, "AIRTABLE_RATE_LIMIT"),
            caches_schemas=choice(env, "CACHE", ("memory", "off")) == "memory",
        )

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
