"""What a table's records hold, field by field, and what looks wrong with it."""

from pyairtable_mcp.analysis.profiles.findings import Finding, findings
from pyairtable_mcp.analysis.profiles.profile import FieldProfile, TableProfile, profile_table

__all__ = ["FieldProfile", "Finding", "TableProfile", "findings", "profile_table"]
