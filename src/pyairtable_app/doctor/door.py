"""Who is let in over HTTP, and whether the files that say so can be used."""

from collections.abc import Iterator

from pyairtable_app.access import Access
from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient
from pyairtable_app.errors import CannotStart
from pyairtable_app.wiring import Wiring
from pyairtable_mcp.authorisation import CredentialError


async def check(patient: Patient) -> list[Finding]:
    """The keys, and each principal's credential for Airtable."""
    tell = Findings("door")
    try:
        is_asked = Access(patient.settings).is_asked
    except CannotStart as error:
        return [tell.wrong(str(error), "Mend that file, or leave API_KEYS_FILE out (docs/authorisation.md).")]
    who = "whoever shows a key or a token" if is_asked else "this machine alone, unasked (API_KEY)"
    return [tell.ok(f"over HTTP is served {who}"), *_credentials(patient, tell)]


def _credentials(patient: Patient, tell: Findings) -> Iterator[Finding]:
    """Every kept credential opened with the key of the settings."""
    store = Wiring(patient.settings).credentials
    if store is None:
        return
    try:
        kept = store.listed()
        for row in kept:
            store.token(row.principal)
    except CredentialError as error:
        yield tell.wrong(
            f"{error}", "Use the CREDENTIALS_KEY that sealed it, or keep it anew (credentials add)."
        )
        return
    yield tell.ok(f"{len(kept)} principals have a credential for Airtable of their own")
