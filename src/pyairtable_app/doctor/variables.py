"""The settings: every wrong variable, names that nobody reads, and the choice of tools."""

from collections.abc import Iterator
from difflib import get_close_matches

from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient
from pyairtable_app.settings import VARIABLES
from pyairtable_mcp import UnknownTool

_SHORTEST = 8
"""Shorter names are near one another by chance."""


async def check(patient: Patient) -> list[Finding]:
    """What the environment says."""
    tell = Findings("settings")
    known = {variable.name for variable in VARIABLES}
    problems = [
        tell.wrong(problem, "Change it, or leave the variable out.") for problem in patient.reading.problems
    ]
    given = sorted(name for name in known if patient.env.get(name, "").strip())
    whole = [] if problems else [tell.ok(f"set: {', '.join(given) or 'nothing; all defaults'}")]
    return [*problems, *whole, *_unread(patient, known, tell), *_tools(patient, tell)]


def _unread(patient: Patient, known: set[str], tell: Findings) -> Iterator[Finding]:
    """Names that look like a slip of the pen."""
    for name in sorted(patient.env):
        if len(name) < _SHORTEST or name in known or name.removesuffix("_FILE") in known:
            continue
        if near := get_close_matches(name, known, n=1, cutoff=0.88):
            yield tell.warning(f"{name} is set and not read", f"Did you mean {near[0]}?")


def _tools(patient: Patient, tell: Findings) -> Iterator[Finding]:
    try:
        offered = patient.selection.members()
    except UnknownTool as error:
        yield tell.wrong(f"the choice of tools: {error}", "Change TOOLSETS, TOOLS or EXCLUDE_TOOLS.")
        return
    if not offered:
        yield tell.warning(
            "no tool is offered", "Choose other TOOLSETS or TOOLS, or leave EXCLUDE_TOOLS out."
        )
        return
    writes = sum(not tool.effect.reads_only for tool in offered)
    yield tell.ok(f"{len(offered)} tools are offered, of which {writes} write")
