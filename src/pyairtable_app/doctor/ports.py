"""The ports that `serve` listens at."""

import socket

from pyairtable_app.doctor.finding import Finding, Findings
from pyairtable_app.doctor.patient import Patient
from pyairtable_app.roles import ALL_ROLES_PORT, ROLES


async def check(_: Patient) -> list[Finding]:
    """That of everything together; those of single roles are told in one line."""
    tell = Findings("ports")
    findings = [
        tell.ok(f"{ALL_ROLES_PORT} is free for serve")
        if is_free(ALL_ROLES_PORT)
        else tell.warning(
            f"{ALL_ROLES_PORT} is taken, perhaps by this server", "serve --port NUMBER uses another one."
        )
    ]
    taken = [f"{role.port} ({role.name})" for role in ROLES if not is_free(role.port)]
    if taken:
        findings.append(
            tell.warning(f"taken of the roles' own ports: {', '.join(taken)}", "serve ROLE --port NUMBER")
        )
    return findings


def is_free(port: int) -> bool:
    """Whether this machine's loopback address can be listened at there."""
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False
