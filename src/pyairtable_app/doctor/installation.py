"""Python and the packages."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient

DISTRIBUTION = "pyairtable-mcp"
_OLDEST = (3, 11)
_NAME = re.compile(r"\s*([A-Za-z0-9._-]+)")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([\w-]+)['\"]")
_BOUND = re.compile(r"(>=|<)\s*([\d.]+)")


@dataclass(frozen=True, slots=True)
class _Requirement:
    """A package, and the extra that asks for it, "" for what is always needed."""

    name: str
    extra: str
    bounds: tuple[tuple[str, str], ...]

    @property
    def trouble(self) -> str:
        """What is wrong with what is installed, "" for nothing."""
        try:
            version = metadata.version(self.name)
        except metadata.PackageNotFoundError:
            return "is missing"
        for operator, bound in self.bounds:
            is_older = _numbers(version) < _numbers(bound)
            if is_older == (operator == ">="):
                return f"{version} is here, and {operator}{bound} is needed"
        return ""


async def check(patient: Patient) -> list[Finding]:
    """Python's version, ours, which packages of which extra are here, and what the tools need of them."""
    tell = Findings("installation")
    versions = f"Python {sys.version.split()[0]}, {DISTRIBUTION} {metadata.version(DISTRIBUTION)}"
    findings = [
        tell.ok(f"{versions}, mcp {metadata.version('mcp')}")
        if sys.version_info >= _OLDEST
        else tell.wrong(versions, "Install it with Python 3.11 or newer.")
    ]
    troubles = [(one, trouble) for one in _requirements() if (trouble := one.trouble)]
    findings += [
        tell.wrong(f"{one.name}: {trouble}", f"pip install --upgrade {DISTRIBUTION}")
        for one, trouble in troubles
        if not one.extra
    ]
    lacking = {one.extra for one, _ in troubles if one.extra}
    whole = sorted({one.extra for one in _requirements() if one.extra} - lacking)
    absent = f" (not here: {', '.join(sorted(lacking))})" if lacking else ""
    return [
        *findings,
        tell.ok(f"extras: {', '.join(whole) or 'none'}{absent}"),
        *_stopped(patient, lacking, tell),
    ]


def _stopped(patient: Patient, lacking: set[str], tell: Findings) -> Iterator[Finding]:
    for extra in sorted(lacking):
        if names := [tool.name for tool in patient.tools if tool.extra == extra]:
            found = f"{', '.join(names)} cannot work without the extra {extra}"
            yield tell.warning(found, f"pip install '{DISTRIBUTION}[{extra}]', or leave the tools out.")


def _requirements() -> Iterator[_Requirement]:
    for line in metadata.requires(DISTRIBUTION) or ():
        wanted, _, marker = line.partition(";")
        # uvloop is not made for Windows, and nothing of ours needs it there.
        if "sys_platform" in marker and sys.platform == "win32":
            continue
        name, extra = _NAME.match(wanted), _EXTRA.search(marker)
        if name is not None:
            bounds = tuple((found[1], found[2]) for found in _BOUND.finditer(wanted))
            yield _Requirement(name[1], extra[1] if extra else "", bounds)


def _numbers(version: str) -> tuple[int, ...]:
    """The release of a version, without what makes it a preview; 2.0 and 2 are the same."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(number) for number in found[0].split(".")] if found else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
