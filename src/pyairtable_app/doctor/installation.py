"""Python and the packages."""

import re
import sys
from collections.abc import Iterator
from importlib import metadata

from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient

DISTRIBUTION = "pyairtable-mcp"
_OLDEST = (3, 11)
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([\w-]+)['\"]")


async def check(_: Patient) -> list[Finding]:
    """Python's version, ours, and which packages of which extra are here."""
    tell = Findings("installation")
    versions = f"Python {sys.version.split()[0]}, {DISTRIBUTION} {metadata.version(DISTRIBUTION)}"
    findings = [
        tell.ok(f"{versions}, mcp {metadata.version('mcp')}")
        if sys.version_info >= _OLDEST
        else tell.wrong(versions, "Install it with Python 3.11 or newer.")
    ]
    return [*findings, *_extras(tell)]


def _extras(tell: Findings) -> Iterator[Finding]:
    missing: dict[str, list[str]] = {}
    for extra, name in _requirements():
        missing.setdefault(extra, [])
        if not _is_here(name):
            missing[extra].append(name)
    if absent := missing.pop("", []):
        yield tell.wrong(f"packages are missing: {', '.join(absent)}", f"pip install {DISTRIBUTION}")
    whole = sorted(extra for extra, names in missing.items() if not names)
    lacking = sorted(extra for extra, names in missing.items() if names)
    yield tell.ok(
        f"extras: {', '.join(whole) or 'none'}"
        + (
            f" (not here: {', '.join(lacking)}; pip install '{DISTRIBUTION}[{','.join(lacking)}]' adds them)"
            if lacking
            else ""
        )
    )


def _requirements() -> Iterator[tuple[str, str]]:
    """Each package with the extra that asks for it, "" for what is always needed."""
    for line in metadata.requires(DISTRIBUTION) or ():
        requirement, _, marker = line.partition(";")
        # uvloop is not made for Windows, and nothing of ours needs it there.
        if "sys_platform" in marker and sys.platform == "win32":
            continue
        name, extra = _REQUIREMENT.match(requirement), _EXTRA.search(marker)
        if name is not None:
            yield extra[1] if extra else "", name[1]


def _is_here(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
