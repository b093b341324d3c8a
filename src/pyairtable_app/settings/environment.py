"""Whether it is in earnest: what a laptop may leave out, a server in production may not."""

from dataclasses import dataclass

from pyairtable_app.settings.reading import Env, Variable, choice

VARIABLES = (
    Variable(
        "ENVIRONMENT",
        "development",
        "production refuses to start without its secrets, and with weak ones; and logs as JSON.",
    ),
)


@dataclass(frozen=True, slots=True)
class EnvironmentSettings:
    """Where the process runs."""

    is_production: bool

    @classmethod
    def from_env(cls, env: Env) -> "EnvironmentSettings":
        """Read the environment. Raises SettingError."""
        return cls(is_production=choice(env, "ENVIRONMENT", ("development", "production")) == "production")
