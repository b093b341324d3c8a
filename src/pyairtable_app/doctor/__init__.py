"""What keeps the server from working here, found before somebody is stopped by it, with how to mend it."""

from pyairtable_app.doctor.checks import CHECKS, examine
from pyairtable_app.doctor.finding import Finding, Status
from pyairtable_app.doctor.patient import Patient
from pyairtable_app.doctor.report import as_json, as_text, exit_code

__all__ = [
    # The examination
    "CHECKS",
    "Patient",
    "examine",
    # What it finds
    "Finding",
    "Status",
    "as_json",
    "as_text",
    "exit_code",
]
