"""What each role must be given in production: the table `REQUIREMENTS`, held before anything is served."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from pyairtable_app.errors import CannotServe
from pyairtable_app.roles import AIRTABLE, CHAT, GATEWAY, LANGUAGE, MCP, Role
from pyairtable_app.settings import LOOPBACK, Secret, Settings

_LEAST_CHARACTERS = 24
_LEAST_DIFFERENT = 8
_KNOWN = ("changeme", "change-me", "example", "password", "secret", "postgres", "your-key", "12345", "qwerty")

_MAKE = "python -c 'import secrets; print(secrets.token_urlsafe(32))' makes one"


def weakness(value: str) -> str:
    """Why a secret can be guessed; empty when it cannot."""
    if len(value) < _LEAST_CHARACTERS:
        return f"is weak: it has {len(value)} characters, and {_LEAST_CHARACTERS} are the least"
    if len(set(value)) < _LEAST_DIFFERENT:
        return "is weak: it repeats a few characters"
    if any(word in value.lower() for word in _KNOWN) and len(value) < 2 * _LEAST_CHARACTERS:
        return "is weak: it holds a word that everybody tries"
    return ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A variable that these roles need; `lack` says what is wrong with it, `remedy` what to do."""

    variable: str
    roles: tuple[Role, ...]
    lack: Callable[[Settings, Collection[Role]], str]
    remedy: str


def require_secrets(settings: Settings, roles: Collection[Role]) -> None:
    """Nothing, unless a secret is missing or weak in production. Raises CannotServe, which names them all."""
    if not settings.environment.is_production:
        return
    found = [
        f"{one.variable} {lack} ({_named(concerned)}). {one.remedy}."
        for one in REQUIREMENTS
        if (concerned := [role for role in one.roles if role in roles])
        and (lack := one.lack(settings, roles))
    ]
    if found:
        raise CannotServe("ENVIRONMENT=production, and:\n" + "\n".join(f"- {line}" for line in found))


def _named(roles: Iterable[Role]) -> str:
    return ", ".join(role.name for role in roles)


def _key_at_the_door(settings: Settings, _: Collection[Role]) -> str:
    """Also on this machine alone: behind a proxy, everybody comes from it."""
    if settings.http.api_key is not None:
        return weakness(settings.http.api_key.value)
    is_asked = settings.access.keys_file is not None or settings.access.issuer is not None
    return "" if is_asked else "is missing"


def _owners_key(settings: Settings, _: Collection[Role]) -> str:
    return _of(settings.http.api_key)


def _gateway_keys(settings: Settings, _: Collection[Role]) -> str:
    keys = settings.http.gateway_keys
    if not keys:
        return "is missing"
    return next((f"of {name} {weak}" for name, key in keys.items() if (weak := weakness(key.value))), "")


def _airtable_token(settings: Settings, roles: Collection[Role]) -> str:
    is_own = settings.airtable.is_embedded and AIRTABLE not in roles
    return "is missing, so that sample bases would be served" if is_own else ""


def _credentials_key(settings: Settings, _: Collection[Role]) -> str:
    """Its form is checked where it is read: 32 bytes."""
    key = settings.access.credentials_key
    if key is not None:
        return weakness(key.value)
    kept = settings.data.folder / "credentials.json"
    return f"is missing, and {kept} cannot be opened without it" if kept.exists() else ""


def _database_password(settings: Settings, _: Collection[Role]) -> str:
    return _password(settings.stores.database_url)


def _redis_password(settings: Settings, _: Collection[Role]) -> str:
    return _password(settings.stores.redis_url)


def _model_key(settings: Settings, _: Collection[Role]) -> str:
    return "" if settings.agent.has_model else "is missing, so that a demo would answer"


def _mcp_key(settings: Settings, _: Collection[Role]) -> str:
    url = settings.agent.mcp_url
    if url is None or urlsplit(url).hostname in LOOPBACK:
        return ""
    return _of(settings.agent.mcp_key)


def _of(secret: Secret | None) -> str:
    return "is missing" if secret is None else weakness(secret.value)


def _password(address: Secret | None) -> str:
    """That of an address on another machine; a socket or a file asks for none."""
    if address is None:
        return ""
    where = urlsplit(address.value)
    if where.hostname in (None, *LOOPBACK):
        return ""
    if not where.password:
        return "holds no password"
    weak = weakness(where.password)
    return f"holds a password that {weak}" if weak else ""


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        "API_KEY", (MCP, LANGUAGE), _key_at_the_door, f"{_MAKE}; or set API_KEYS_FILE or OAUTH_ISSUER"
    ),
    Requirement("API_KEY", (CHAT,), _owners_key, _MAKE),
    Requirement("GATEWAY_KEYS", (GATEWAY,), _gateway_keys, f"Write name:key, or set API_KEY; {_MAKE}"),
    Requirement(
        "AIRTABLE_API_KEY",
        (MCP, GATEWAY),
        _airtable_token,
        "Make a personal access token at https://airtable.com/create/tokens",
    ),
    Requirement("CREDENTIALS_KEY", (MCP,), _credentials_key, f"Set the one it was made with; {_MAKE}"),
    Requirement(
        "DATABASE_URL",
        (MCP, GATEWAY, CHAT),
        _database_password,
        f"Write postgresql://user:PASSWORD@host/name; {_MAKE}",
    ),
    Requirement(
        "REDIS_URL", (MCP, GATEWAY, CHAT), _redis_password, f"Write rediss://:PASSWORD@host:6379; {_MAKE}"
    ),
    Requirement(
        "GEMINI_API_KEY",
        (CHAT,),
        _model_key,
        "Make one at https://aistudio.google.com/apikey, or set GEMINI_ENDPOINT_URL",
    ),
    Requirement(
        "MCP_API_KEY", (CHAT,), _mcp_key, "Set the API_KEY of the MCP server, or a key of its API_KEYS_FILE"
    ),
)
