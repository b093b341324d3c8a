"""Which bases can be seen, and whether the allow-lists name real ones."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pyairtable_app.doctor.airtable import Unreached
from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient
from pyairtable_mcp import AllowList

_SHOWN = 5
_MOST_SCHEMAS = 20
"""Bases whose tables are looked at: a hundred would take a while, and the pace of the others."""
_ADD = "Add bases to the token's access in Airtable (Builder hub > Personal access tokens)."


async def check(patient: Patient) -> list[Finding]:
    """The bases of the token, those that are let through, and the tables that the list names."""
    if not patient.asks_airtable:
        return []
    try:
        answer = await patient.airtable.get("meta/bases")
        if answer.status != 200:
            return []
        return await _seen(patient, await patient.airtable.bases(), Findings("bases"))
    except Unreached:
        return []


async def _seen(patient: Patient, bases: Sequence[Mapping[str, Any]], tell: Findings) -> list[Finding]:
    given = patient.settings.tools
    if not bases:
        return [tell.wrong("the token sees no base", _ADD)]
    names = [str(base["name"]) for base in bases]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    findings = [tell.ok(f"{len(names)} can be seen: {', '.join(names[:_SHOWN])}{more}")]
    findings += [
        tell.wrong(f"ALLOWED_BASES names {entry!r}, which the token does not see", _nearest(entry, names))
        for entry in given.allowed_bases
        if not any(AllowList((entry,)).base(base["id"], base["name"]) for base in bases)
    ]
    used = [base for base in bases if AllowList(given.allowed_bases).base(base["id"], base["name"])]
    findings += await _tables(patient, used, tell)
    writes = [tool.name for tool in patient.tools if not tool.effect.reads_only]
    if writes and used and all(base.get("permissionLevel") in ("read", "comment") for base in used):
        findings.append(
            tell.warning(
                f"the token's user may only read in all of them, and {len(writes)} tools write",
                "Set READ_ONLY=on, or ask an owner of the base for more.",
            )
        )
    return findings


async def _tables(patient: Patient, bases: Sequence[Mapping[str, Any]], tell: Findings) -> list[Finding]:
    wanted = patient.settings.tools.allowed_tables
    if not wanted:
        return []
    tables = [table for base in bases[:_MOST_SCHEMAS] for table in await patient.airtable.tables(base["id"])]
    missing = [
        entry
        for entry in wanted
        if not any(AllowList((), (entry,)).table(table["id"], table["name"]) for table in tables)
    ]
    if missing and len(bases) > _MOST_SCHEMAS:
        found = f"ALLOWED_TABLES names {', '.join(missing)}, in none of the first {_MOST_SCHEMAS} bases"
        return [tell.warning(found, "Name the bases too, in ALLOWED_BASES.")]
    names = [str(table["name"]) for table in tables]
    return [
        tell.wrong(f"ALLOWED_TABLES names {entry!r}, which is in none of these bases", _nearest(entry, names))
        for entry in missing
    ]


def _nearest(entry: str, names: Sequence[str]) -> str:
    near = get_close_matches(entry, names, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names[:10])}."
