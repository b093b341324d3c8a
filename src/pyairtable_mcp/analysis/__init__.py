"""What five tools say about records: plain rules over schemas and records, no I/O and no clock.

Each module is one question, asked through its name: `duplicates.find(...)`, `sync_plan.plan(...)`.
Answers are frozen, and `to_json()` gives them as plain JSON values.
"""

from pyairtable_mcp.analysis import csv_export, duplicates, profiles, purpose, sync_plan

__all__ = ["csv_export", "duplicates", "profiles", "purpose", "sync_plan"]
