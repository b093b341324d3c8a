"""Where local data live, and which are kept."""

from dataclasses import dataclass
from pathlib import Path

from pyairtable_app.settings.reading import Env, Variable, choice

VARIABLES = (
    Variable(
        "DATA_DIR", "", "Where local data live. Default: ./data under make run, else the user's data folder."
    ),
    Variable(
        "JOURNAL", "on", "Whether writes are kept in DATA_DIR/journal.db, to be listed and undone: on or off."
    ),
)


@dataclass(frozen=True, slots=True)
class DataSettings:
    """The data folder, and what is kept in it beside the local bases."""

    folder: Path
    keeps_journal: bool

    @classmethod
    def from_env(cls, env: Env) -> "DataSettings":
        """Read the environment. Raises SettingError."""
        given = env.get("DATA_DIR", "").strip()
        return cls(
            folder=Path(given).expanduser() if given else _users_folder(),
            keeps_journal=choice(env, "JOURNAL", ("on", "off")) == "on",
        )


def _users_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("pyairtable-mcp", appauthor=False)
