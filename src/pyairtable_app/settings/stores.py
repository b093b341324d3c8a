"""Which database and which Redis the services stand on."""

from dataclasses import dataclass
from pathlib import Path

from pyairtable_app.errors import SettingError
from pyairtable_app.settings.reading import Env, Secret, Variable, secret

VARIABLES = (
    Variable(
        "DATABASE_URL", "", "Where services keep their data: postgresql://... Default: SQLite in DATA_DIR."
    ),
    Variable("DATABASE_URL_FILE", "", "A file that holds that address instead."),
    Variable(
        "REDIS_URL",
        "",
        "Where several processes keep to one pace, and to one cache: redis://, rediss:// or unix://.",
    ),
    Variable("REDIS_URL_FILE", "", "A file that holds that address instead."),
)

_DATABASES = ("sqlite://", "postgresql://", "postgres://")
_REDIS = ("redis://", "rediss://", "unix://")


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """The stores; their addresses may hold passwords, so they never print. None means the default."""

    database_url: Secret | None
    redis_url: Secret | None

    @classmethod
    def from_env(cls, env: Env) -> "StoreSettings":
        """Read the environment. Raises SettingError."""
        return cls(
            database_url=_address(env, "DATABASE_URL", _DATABASES),
            redis_url=_address(env, "REDIS_URL", _REDIS),
        )

    def database(self, folder: Path) -> str:
        """The database's address: that of the settings, else a file in the data folder."""
        return self.database_url.value if self.database_url else f"sqlite:///{folder / 'services.db'}"


def _address(env: Env, name: str, schemes: tuple[str, ...]) -> Secret | None:
    given = secret(env, name)
    if given is not None and not given.value.startswith(schemes):
        # The address may hold a password, so the message names the variable alone.
        raise SettingError(f"{name}: the address begins with {', '.join(schemes[:-1])} or {schemes[-1]}.")
    return given
