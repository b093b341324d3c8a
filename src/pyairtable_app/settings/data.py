"""Where local data live."""

from dataclasses import dataclass
from pathlib import Path

from pyairtable_app.settings.reading import Env, Variable

VARIABLES = (
    Variable(
        "DATA_DIR", "", "Where local data live. Default: ./data under make run, else the user's data folder."
    ),
)


@dataclass(frozen=True, slots=True)
class DataSettings:
    """The data folder."""

    folder: Path

    @classmethod
    def from_env(cls, env: Env) -> "DataSettings":
        """Read the environment."""
        given = env.get("DATA_DIR", "").strip()
        return cls(folder=Path(given).expanduser() if given else _users_folder())


def _users_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("pyairtable-mcp", appauthor=False)
