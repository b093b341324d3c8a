"""Who may reach the server over HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyairtable_app.errors import SettingError
from pyairtable_app.settings.reading import Env, Secret, Variable, secret, url, words

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

VARIABLES = (
    Variable(
        "API_KEY", "", "What HTTP clients must send as bearer token. Without it only this machine is served."
    ),
    Variable("API_KEY_FILE", "", "A file that holds that key instead."),
    Variable(
        "GATEWAY_KEYS",
        "",
        "Keys of the role gateway, each behind a name that signs its writes: ada:KEY,bob:KEY. Else API_KEY.",
    ),
    Variable("GATEWAY_KEYS_FILE", "", "A file that holds those keys instead, on its first line."),
    Variable(
        "ALLOWED_HOSTS",
        "",
        "Host names, separated by commas, under which the server is reached from outside.",
    ),
    Variable(
        "PUBLIC_URL",
        "",
        "The address under which Airtable reaches this server; it then tells at once what others change.",
    ),
)


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """The door of the HTTP server."""

    api_key: Secret | None
    gateway_keys: Mapping[str, Secret]
    allowed_hosts: tuple[str, ...]
    public_url: str | None

    @classmethod
    def from_env(cls, env: Env) -> "HttpSettings":
        """Read the environment. Raises SettingError."""
        api_key = secret(env, "API_KEY")
        return cls(
            api_key=api_key,
            gateway_keys=_named_keys(env, "GATEWAY_KEYS") or ({"owner": api_key} if api_key else {}),
            allowed_hosts=words(env, "ALLOWED_HOSTS"),
            public_url=url(env, "PUBLIC_URL"),
        )


def _named_keys(env: Env, name: str) -> dict[str, Secret]:
    """Keys by the names of their bearers. Raises SettingError, which shows no key."""
    given = secret(env, name)
    keys: dict[str, Secret] = {}
    for entry in words({name: given.value if given else ""}, name):
        bearer, found, key = (part.strip() for part in entry.partition(":"))
        if not (bearer and found and key) or bearer in keys:
            raise SettingError(
                f"{name}: each entry is name:key, each name once; the one of {bearer[:20]!r} is not."
                if found
                else f"{name}: an entry has no name: write name:key, separated by commas."
            )
        keys[bearer] = Secret(key)
    return keys
