"""Who may reach the server over HTTP."""

from dataclasses import dataclass

from pyairtable_app.settings.reading import Env, Secret, Variable, secret, words

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

VARIABLES = (
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
class HttpSettings:
    """The door of the HTTP server."""

    api_key: Secret | None
    allowed_hosts: tuple[str, ...]

    @classmethod
    def from_env(cls, env: Env) -> "HttpSettings":
        """Read the environment. Raises SettingError."""
        return cls(api_key=secret(env, "API_KEY"), allowed_hosts=words(env, "ALLOWED_HOSTS"))
