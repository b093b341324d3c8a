"""What the MCP server's tools are held to."""

from dataclasses import dataclass
from typing import Literal

from pyairtable_app.settings.reading import Env, Variable, choice

Validation = Literal["airtable", "strict", "off"]

VARIABLES = (
    Variable(
        "VALIDATION", "airtable", "What writes are held to: airtable (with strict warnings), strict, off."
    ),
)


@dataclass(frozen=True, slots=True)
class ToolSettings:
    """The tools of the MCP server."""

    validation: Validation

    @classmethod
    def from_env(cls, env: Env) -> "ToolSettings":
        """Read the environment. Raises SettingError."""
        modes: dict[str, Validation] = {"airtable": "airtable", "strict": "strict", "off": "off"}
        return cls(validation=modes[choice(env, "VALIDATION", tuple(modes))])
