"""Which tools the MCP server offers, and what they are held to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pyairtable_app.errors import SettingError
from pyairtable_app.settings.reading import Env, Variable, choice, words

Validation = Literal["airtable", "strict", "off"]

VARIABLES = (
    Variable(
        "VALIDATION", "airtable", "What writes are held to: airtable (with strict warnings), strict, off."
    ),
    Variable("TOOLSETS", "default", "Toolsets to offer, separated by commas; all offers every one."),
    Variable("TOOLS", "", "Single tools to offer, beside TOOLSETS, or alone without it."),
    Variable("EXCLUDE_TOOLS", "", "Tools that are not offered, whatever offers them."),
    Variable("READ_ONLY", "off", "on offers no tool that writes, whatever else is set."),
    Variable("ALLOWED_BASES", "", "Names or ids of the bases that the tools may use; empty allows all."),
    Variable("ALLOWED_TABLES", "", "Names or ids of the tables that the tools may use; empty allows all."),
    Variable("MAX_RECORDS_READ", "100000", "Records that one call of a tool may read."),
    Variable("MAX_RECORDS_WRITTEN", "10000", "Records that one call of a tool may write."),
    Variable("UPLOAD_DIR", "", "The folder from which stdio clients may attach files; none without it."),
)


@dataclass(frozen=True, slots=True)
class ToolSettings:
    """The tools of the MCP server."""

    validation: Validation
    toolsets: tuple[str, ...]
    tools: tuple[str, ...]
    excluded_tools: tuple[str, ...]
    is_read_only: bool
    allowed_bases: tuple[str, ...]
    allowed_tables: tuple[str, ...]
    max_records_read: int
    max_records_written: int
    upload_folder: Path | None

    @property
    def is_restricted(self) -> bool:
        """Whether less may be done than the token allows."""
        return bool(self.allowed_bases or self.allowed_tables or self.is_read_only)

    @classmethod
    def from_env(cls, env: Env) -> "ToolSettings":
        """Read the environment. Raises SettingError."""
        modes: dict[str, Validation] = {"airtable": "airtable", "strict": "strict", "off": "off"}
        folder = env.get("UPLOAD_DIR", "").strip()
        return cls(
            validation=modes[choice(env, "VALIDATION", tuple(modes))],
            toolsets=words(env, "TOOLSETS"),
            tools=words(env, "TOOLS"),
            excluded_tools=words(env, "EXCLUDE_TOOLS"),
            is_read_only=_flag(env, "READ_ONLY"),
            allowed_bases=words(env, "ALLOWED_BASES"),
            allowed_tables=words(env, "ALLOWED_TABLES"),
            max_records_read=_count(env, "MAX_RECORDS_READ", 100_000),
            max_records_written=_count(env, "MAX_RECORDS_WRITTEN", 10_000),
            upload_folder=Path(folder).expanduser() if folder else None,
        )


def _flag(env: Env, name: str) -> bool:
    """Whether it is on; the words that other programs use for that are taken too."""
    value = env.get(name, "").strip().lower()
    if value in ("", "off", "0", "false", "no"):
        return False
    if value in ("on", "1", "true", "yes"):
        return True
    raise SettingError(f"{name}={value!r}: allowed are on and off.")


def _count(env: Env, name: str, default: int) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) == 0:
        raise SettingError(f"{name}={value!r}: allowed is a whole number from 1 on.")
    return int(value)
