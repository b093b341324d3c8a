"""What the token may do against what the offered tools need."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyairtable_app.doctor.airtable import Unreached
from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient
from pyairtable_mcp import AllowList, Tool, scopes_of

_SHOWN = 6
_ADD = "Add it to the token in Airtable (Builder hub > Personal access tokens)"


async def check(patient: Patient) -> list[Finding]:
    """The scopes as Airtable tells them; where it tells none, those that reading shows."""
    if not patient.asks_airtable:
        return []
    tell = Findings("scopes")
    try:
        answer = await patient.airtable.whoami()
        if answer.status != 200:
            return []
        needed = _needed(patient.tools)
        told = answer.body.get("scopes")
        if isinstance(told, list):
            return _compared(needed, told, tell)
        return await _probed(patient, needed, tell)
    except Unreached:
        return []


def _needed(tools: Iterable[Tool]) -> dict[str, list[str]]:
    """Each scope with the tools that need it."""
    needed: dict[str, list[str]] = {}
    for tool in tools:
        for scope in scopes_of(tool):
            needed.setdefault(scope, []).append(tool.name)
    return needed


def _compared(needed: Mapping[str, Sequence[str]], told: Sequence[str], tell: Findings) -> list[Finding]:
    missing = [
        tell.wrong(f"{scope} is missing: {_stopped(tools)}", f"{_ADD}, or offer other tools.")
        for scope, tools in needed.items()
        if scope not in told
    ]
    return missing or [tell.ok(f"all that the offered tools need: {', '.join(needed)}")]


async def _probed(patient: Patient, needed: Mapping[str, Sequence[str]], tell: Findings) -> list[Finding]:
    """Airtable tells the scopes of OAuth tokens alone; reading once with each shows the reading ones."""
    findings, shown = list[Finding](), list[str]()
    for scope, path in await _probes(patient):
        if scope not in needed:
            continue
        answer = await patient.airtable.get(path)
        if answer.status == 403:
            findings.append(
                tell.wrong(f"{scope} is missing, or its user may not: {_stopped(needed[scope])}", f"{_ADD}.")
            )
        elif answer.status == 200:
            shown.append(scope)
    if shown:
        findings.append(tell.ok(f"reading works with {', '.join(shown)}"))
    unseen = [
        scope for scope in needed if scope not in shown and not any(scope in one.found for one in findings)
    ]
    if unseen:
        findings.append(
            tell.ok(f"Airtable does not tell such a token's scopes; the tools need {', '.join(unseen)} too")
        )
    return findings


async def _probes(patient: Patient) -> list[tuple[str, str]]:
    """A request for each scope that reads, on the first base and table that may be used."""
    probes = [("schema.bases:read", "meta/bases")]
    allowed = AllowList(patient.settings.tools.allowed_bases, patient.settings.tools.allowed_tables)
    base = next((one for one in await patient.airtable.bases() if allowed.base(one["id"], one["name"])), None)
    if base is None:
        return probes
    probes.append(("webhook:manage", f"bases/{base['id']}/webhooks"))
    tables = await patient.airtable.tables(base["id"])
    table = next((one for one in tables if allowed.table(one["id"], one["name"])), None)
    if table is None:
        return probes
    one_record = f"{base['id']}/{table['id']}?maxRecords=1"
    probes.append(("data.records:read", one_record))
    records: Sequence[Mapping[str, Any]] = (await patient.airtable.get(one_record)).body.get("records") or ()
    for record in records[:1]:
        path = f"{base['id']}/{table['id']}/{record['id']}/comments?pageSize=1"
        probes.append(("data.recordComments:read", path))
    return probes


def _stopped(tools: Sequence[str]) -> str:
    more = f" and {len(tools) - _SHOWN} more" if len(tools) > _SHOWN else ""
    return f"it stops {', '.join(tools[:_SHOWN])}{more}"
