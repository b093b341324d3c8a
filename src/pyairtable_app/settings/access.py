"""Who is let in over HTTP, and whose credential they use."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pyairtable_app.errors import SettingError
from pyairtable_app.settings.http import LOOPBACK
from pyairtable_app.settings.reading import Env, Secret, Variable, secret, url, words

VARIABLES = (
    Variable("OAUTH_ISSUER", "", "The issuer whose tokens are taken, exactly as it writes itself."),
    Variable(
        "OAUTH_RESOURCE", "", "This server's own address, which tokens must be made for: https://.../mcp."
    ),
    Variable("OAUTH_JWKS_URL", "", "Where the issuer shows its keys; else its metadata say."),
    Variable("API_KEYS_FILE", "", "A JSON file of named API keys with scopes (docs/authorisation.md)."),
    Variable("ALLOWED_ORIGINS", "", "Origins of web pages that may call, separated by commas: https://host."),
    Variable("CREDENTIALS_KEY", "", "Opens DATA_DIR/credentials.json, where each principal's token lies."),
    Variable("CREDENTIALS_KEY_FILE", "", "A file that holds that key instead."),
    Variable("CLIENT_RATE_LIMIT", "50", "Requests a second of one principal over HTTP, or off."),
    Variable("CLIENT_CONCURRENCY", "32", "Requests of one principal that run at the same time."),
)

_MAKE_KEY = "python -c 'import secrets; print(secrets.token_urlsafe(32))' makes one"


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """The door; `issuer` and `resource` are set together or not at all."""

    issuer: str | None
    resource: str | None
    jwks_url: str | None
    keys_file: Path | None
    allowed_origins: tuple[str, ...]
    credentials_key: Secret | None
    requests_a_second: float | None
    at_once: int

    @classmethod
    def from_env(cls, env: Env) -> "AccessSettings":
        """Read the environment. Raises SettingError."""
        # Compared exactly with what tokens say, so nothing is taken off it.
        issuer = env.get("OAUTH_ISSUER", "").strip()
        resource = env.get("OAUTH_RESOURCE", "").strip()
        for name, value in (("OAUTH_ISSUER", issuer), ("OAUTH_RESOURCE", resource)):
            _require_secure(name, value)
        if bool(issuer) != bool(resource):
            missing = "OAUTH_RESOURCE" if issuer else "OAUTH_ISSUER"
            raise SettingError(f"{missing}='': it is needed beside the other OAUTH_ variable.")
        jwks = url(env, "OAUTH_JWKS_URL")
        _require_secure("OAUTH_JWKS_URL", jwks or "")
        keys_file = env.get("API_KEYS_FILE", "").strip()
        return cls(
            issuer=issuer or None,
            resource=resource or None,
            jwks_url=jwks,
            keys_file=Path(keys_file).expanduser() if keys_file else None,
            allowed_origins=_origins(env, "ALLOWED_ORIGINS"),
            credentials_key=_key(env, "CREDENTIALS_KEY"),
            requests_a_second=_rate(env, "CLIENT_RATE_LIMIT"),
            at_once=_count(env, "CLIENT_CONCURRENCY"),
        )


def _require_secure(name: str, value: str) -> None:
    """A key or a token that crosses a network in the clear is nobody's secret; this machine is no network."""
    if not value:
        return
    try:
        parts = urlsplit(value)
        is_good = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    except ValueError:
        is_good = False
    if not is_good:
        raise SettingError(f"{name}={value!r}: write https://...; http:// is for this machine only.")


def _origins(env: Env, name: str) -> tuple[str, ...]:
    given = words(env, name)
    for origin in given:
        scheme, found, host = origin.partition("://")
        if not found or scheme not in ("http", "https") or not host or "/" in host or "*" in host:
            raise SettingError(f"{name}: {origin!r} is no origin; write https://host or https://host:port.")
    return given


def _key(env: Env, name: str) -> Secret | None:
    given = secret(env, name)
    if given is None:
        return None
    try:
        raw = urlsafe_b64decode(given.value + "=" * (-len(given.value) % 4))
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise SettingError(f"{name}: it is 32 bytes as URL-safe base64; {_MAKE_KEY}.")
    return given


def _rate(env: Env, name: str) -> float | None:
    value = env.get(name, "").strip().lower() or "50"
    if value == "off":
        return None
    try:
        rate = float(value)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise SettingError(f"{name}={value!r}: allowed are off, or a number above 0 (requests a second).")
    return rate


def _count(env: Env, name: str) -> int:
    value = env.get(name, "").strip() or "32"
    if not value.isascii() or not value.isdigit() or int(value) == 0:
        raise SettingError(f"{name}={value!r}: allowed is a whole number from 1 on.")
    return int(value)
