"""`doctor`: what keeps the server from working here, and how to mend it."""

import argparse
import asyncio
from collections.abc import Mapping

from pyairtable_app.commands.arguments import Subparsers
from pyairtable_app.commands.tools import add_tools, with_tools


def add(commands: Subparsers) -> None:
    """The command's arguments."""
    doctor = commands.add_parser("doctor", help="look for what keeps the server from working, and mend it")
    doctor.add_argument("--json", action="store_true", help="for a program")
    doctor.add_argument("--offline", action="store_true", help="ask nobody outside of this process")
    add_tools(doctor)
    # It reads the environment itself: a wrong variable is a finding here, and no reason to end.
    doctor.set_defaults(command=_doctor, takes_environment=True)


def _doctor(env: Mapping[str, str], options: argparse.Namespace) -> None:
    from pyairtable_app.doctor import Patient, as_json, as_text, examine, exit_code
    from pyairtable_mcp import Selection

    given = with_tools(Patient(env).settings, options).tools
    wished = Selection(given.toolsets, given.tools, given.excluded_tools, given.is_read_only)
    patient = Patient(env, is_offline=options.offline, wished=wished)
    findings = asyncio.run(examine(patient))
    print((as_json if options.json else as_text)(findings, patient))
    raise SystemExit(exit_code(findings))
