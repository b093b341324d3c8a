"""Every Airtable field type: validate, normalise, format, convert.

The rules are plain functions of a value and a field's options; nothing here reads a clock or a network.
"""

from fields.cell import Mode
from fields.checked import Checked
from fields.field_type import Example, FieldType
from fields.options import check_options
from fields.problems import CODES, Problem
from fields.records import check_record
from fields.table import FIELD_TYPES
from fields.values import check, text, typecast

__all__ = [
    # Questions
    "check",
    "check_options",
    "check_record",
    "typecast",
    "text",
    # Answers
    "Checked",
    "Problem",
    "CODES",
    "Mode",
    # The table
    "FIELD_TYPES",
    "FieldType",
    "Example",
]
