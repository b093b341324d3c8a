"""The checks, in the order in which they are told: from this machine outwards."""

from collections.abc import Awaitable, Callable

from pyairtable_app.doctor import (
    bases,
    client_files,
    door,
    installation,
    network,
    places,
    ports,
    scopes,
    stores,
    token,
    variables,
)
from pyairtable_app.doctor.finding import Finding
from pyairtable_app.doctor.patient import Patient

Check = Callable[[Patient], Awaitable[list[Finding]]]

CHECKS: tuple[Check, ...] = (
    installation.check,
    variables.check,
    places.check,
    places.journal,
    stores.check,
    ports.check,
    door.check,
    network.check,
    network.pace,
    token.check,
    scopes.check,
    bases.check,
    client_files.check,
)


async def examine(patient: Patient) -> list[Finding]:
    """What every check finds."""
    return [finding for check in CHECKS for finding in await _findings(check, patient)]


async def _findings(check: Check, patient: Patient) -> list[Finding]:
    try:
        return await check(patient)
    except Exception as error:  # noqa: BLE001 - one check that fails must not hide what the others find
        name = check.__module__.rpartition(".")[2]
        found = f"the check itself failed: {type(error).__name__}"
        return [Finding(name, "wrong", found, "Please report this as a fault of the doctor's.")]
