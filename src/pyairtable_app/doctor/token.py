"""The token: where it came from, what it looks like, and whether Airtable takes it."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

from pyairtable_app.doctor.airtable import Unreached
from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient

_PERSONAL = re.compile(r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}")
_MAKE = "Make a personal access token in Airtable (Builder hub > Personal access tokens)."
_SHAPES: tuple[tuple[str, str, str], ...] = (
    (r"key[A-Za-z0-9]{14}", "it is an API key of the old kind, which Airtable no longer takes", _MAKE),
    (r"pat\.\.\.", "it is the placeholder of an example", _MAKE),
    (r"[\"'].*|.*[\"']", "it has quotation marks around it", "Take them away."),
    (
        r"pat[A-Za-z0-9]{14}",
        "its second half, from the dot on, is missing",
        "Copy it whole; Airtable shows it once.",
    ),
)
_SOURCES = ("AIRTABLE_API_KEY", "AIRTABLE_API_KEY_FILE", "AIRTABLE_TOKEN", "AIRTABLE_TOKEN_FILE")


async def check(patient: Patient) -> list[Finding]:
    """Presence, source, shape, and what Airtable says of it."""
    tell = Findings("token")
    token = patient.settings.airtable.token
    if token is None:
        return [_none(patient, tell)]
    findings = [*_source(patient, tell), *_shape(patient, token.value, tell)]
    if patient.asks_airtable:
        findings.append(await _accepted(patient, tell))
    return findings


def _none(patient: Patient, tell: Findings) -> Finding:
    if patient.settings.airtable.url is None:
        return tell.ok("none is set: the sample bases of the data folder are served")
    return tell.warning(
        f"none is set, and AIRTABLE_ENDPOINT_URL names {patient.url}",
        "Set AIRTABLE_API_KEY, or AIRTABLE_API_KEY_FILE to a file that holds it.",
    )


def _source(patient: Patient, tell: Findings) -> Iterator[Finding]:
    first, *others = [name for name in _SOURCES if patient.env.get(name, "").strip()]
    yield tell.ok(f"it came from {first}")
    if others:
        yield tell.warning(f"{', '.join(others)} is set too, and not used", f"Leave it out, or {first}.")
    if first.endswith("_FILE"):
        path = Path(patient.env[first].strip()).expanduser()
        if patient.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield tell.warning(f"others on this machine may read {path}", f"chmod 600 {path}")


def _shape(patient: Patient, token: str, tell: Findings) -> Iterator[Finding]:
    if _PERSONAL.fullmatch(token):
        yield tell.ok("its shape is that of a personal access token (pat, 14 characters, dot, 64)")
        return
    for pattern, found, remedy in _SHAPES:
        if re.fullmatch(pattern, token):
            yield tell.wrong(found, remedy)
            return
    if patient.settings.airtable.url is None:
        yield tell.warning(
            f"its {len(token)} characters are no personal access token: those are pat, 14 characters, "
            "a dot and 64 more",
            "Look whether it was copied whole; if Airtable takes it, all is well.",
        )


async def _accepted(patient: Patient, tell: Findings) -> Finding:
    try:
        answer = await patient.airtable.whoami()
    except Unreached:
        return tell.warning("Airtable could not be asked whether it takes it", "See network.")
    if answer.status == 200:
        return tell.ok(f"Airtable takes it, for {answer.body.get('id', 'somebody it does not name')}")
    if answer.status in (401, 403):
        return tell.wrong(
            f"Airtable refuses it ({answer.status} {answer.error})".replace(" )", ")"), f"{_MAKE}"
        )
    return tell.warning(
        f"Airtable answered {answer.status} to the question who it is",
        "Try again, or look at Airtable's status page.",
    )
