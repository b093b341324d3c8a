"""The settings with every wrong variable named, where starting names the first one alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyairtable_app.errors import SettingError
from pyairtable_app.settings import VARIABLES, Settings


@dataclass(frozen=True, slots=True)
class Reading:
    """The settings that are left when the wrong variables are taken away, and what is wrong with those."""

    settings: Settings
    problems: tuple[str, ...]


def read_settings(env: Mapping[str, str]) -> Reading:
    """Read the environment as far as it can be read."""
    left, problems = dict(env), list[str]()
    while True:
        try:
            return Reading(Settings.from_env(left), tuple(problems))
        except SettingError as error:
            problems.append(str(error))
            for name in _at_fault(str(error), left):
                del left[name]


def _at_fault(problem: str, env: Mapping[str, str]) -> list[str]:
    """The variables to do without: the one that the message begins with, else those that want it set."""
    found = re.match(r"[A-Z][A-Z_]*", problem)
    name = found[0] if found else ""
    if name in env:
        return [name]
    if f"{name}_FILE" in env:
        return [f"{name}_FILE"]
    family = [each for each in env if each.startswith(f"{name.partition('_')[0]}_")] if name else []
    return family or [each.name for each in VARIABLES if each.name in env]
