"""What a doctor examines: the environment, what it says as far as that is right, and the machine's places."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyairtable_app.doctor.airtable import Airtable
from pyairtable_app.doctor.readings import Reading, read_settings
from pyairtable_app.settings import REAL_AIRTABLE, Settings
from pyairtable_mcp import Selection, Tool, UnknownTool


@dataclass(frozen=True)
class Patient:
    """One installation, as the environment and the command line describe it.

    `wished` is the choice of tools of the command line, which wins over that of the environment.
    """

    env: Mapping[str, str]
    is_offline: bool = False
    home: Path = field(default_factory=Path.home)
    platform: str = sys.platform
    wished: Selection | None = None

    @cached_property
    def reading(self) -> Reading:
        """The settings, and what of them is wrong."""
        return read_settings(self.env)

    @property
    def settings(self) -> Settings:
        """The settings; a variable with a wrong value counts as not set."""
        return self.reading.settings

    @cached_property
    def airtable(self) -> Airtable:
        """The Airtable of the settings, asked with their token."""
        token = self.settings.airtable.token
        return Airtable(self.url, token.value if token else "no-token-was-given")

    @property
    def url(self) -> str:
        """Its address."""
        return self.settings.airtable.url or REAL_AIRTABLE

    @property
    def asks_airtable(self) -> bool:
        """Whether there is an Airtable outside to ask, and asking is wanted."""
        return not (self.is_offline or self.settings.airtable.is_embedded)

    @property
    def selection(self) -> Selection:
        """Which tools are wished for."""
        given = self.settings.tools
        return self.wished or Selection(given.toolsets, given.tools, given.excluded_tools, given.is_read_only)

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools that are offered; the default ones where the choice itself is wrong."""
        try:
            return self.selection.members()
        except UnknownTool:
            return Selection(is_read_only=self.selection.is_read_only).members()
