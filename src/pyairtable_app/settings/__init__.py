"""What the environment says, read once: one group a file, each with its variables.

`VARIABLES` is the whole list: the README's table and `.env.example` are held against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pyairtable_app.errors import SettingError
from pyairtable_app.settings import (
    access,
    agent,
    airtable,
    data,
    environment,
    http,
    journal,
    limits,
    stores,
    tools,
)
from pyairtable_app.settings.access import AccessSettings
from pyairtable_app.settings.agent import AgentSettings
from pyairtable_app.settings.airtable import REAL_AIRTABLE, AirtableSettings
from pyairtable_app.settings.data import DataSettings
from pyairtable_app.settings.environment import EnvironmentSettings
from pyairtable_app.settings.http import LOOPBACK, HttpSettings
from pyairtable_app.settings.journal import JournalSettings
from pyairtable_app.settings.limits import LimitSettings
from pyairtable_app.settings.reading import Secret, Variable
from pyairtable_app.settings.stores import StoreSettings
from pyairtable_app.settings.tools import ToolSettings

__all__ = [
    # All of them
    "Settings",
    "VARIABLES",
    "Variable",
    "Secret",
    # The groups
    "AccessSettings",
    "AgentSettings",
    "AirtableSettings",
    "DataSettings",
    "EnvironmentSettings",
    "HttpSettings",
    "JournalSettings",
    "LimitSettings",
    "StoreSettings",
    "ToolSettings",
    # Fixed words
    "LOOPBACK",
    "REAL_AIRTABLE",
]

VARIABLES: tuple[Variable, ...] = (
    *environment.VARIABLES,
    *airtable.VARIABLES,
    *tools.VARIABLES,
    *data.VARIABLES,
    *journal.VARIABLES,
    *http.VARIABLES,
    *access.VARIABLES,
    *stores.VARIABLES,
    *agent.VARIABLES,
    *limits.VARIABLES,
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process."""

    environment: EnvironmentSettings
    airtable: AirtableSettings
    tools: ToolSettings
    data: DataSettings
    journal: JournalSettings
    http: HttpSettings
    access: AccessSettings
    stores: StoreSettings
    agent: AgentSettings
    limits: LimitSettings

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "Settings":
        """Read the environment. Raises SettingError."""
        settings = cls(
            environment=EnvironmentSettings.from_env(env),
            airtable=AirtableSettings.from_env(env),
            tools=ToolSettings.from_env(env),
            data=DataSettings.from_env(env),
            journal=JournalSettings.from_env(env),
            http=HttpSettings.from_env(env),
            access=AccessSettings.from_env(env),
            stores=StoreSettings.from_env(env),
            agent=AgentSettings.from_env(env),
            limits=LimitSettings.from_env(env),
        )
        if settings.airtable.cache == "redis" and settings.stores.redis_url is None:
            raise SettingError("CACHE='redis': REDIS_URL must say where, for example redis://127.0.0.1:6379.")
        return settings
