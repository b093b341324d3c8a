"""Every Airtable field type: validate, normalise, format, convert.

The rules are plain functions of a value and a field's options; nothing here reads a clock or a network.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from fields.cell import Mode
from fields.checked import Checked
from fields.field_type import Example, FieldType
from fields.options import check_options
from fields.problems import CODES, NotAColumn, Problem
from fields.records import TableRules, check_record, check_records
from fields.table import FIELD_TYPES
from fields.values import check, text, typecast

if TYPE_CHECKING:
    from fields.barcodes.pictures import ReadBarcode, draw_barcode, read_barcodes
    from fields.cases import check_case
    from fields.conversion.columns import ColumnPreview, convert_column
    from fields.conversion.converting import Converted, Loss, convert
    from fields.inference.inferring import Inferred, infer
    from fields.parts import (
        check_button,
        check_button_url,
        check_file_kind,
        check_file_sizes,
        check_file_url,
        check_hostname,
        check_money,
        clean_filename,
        find_registrable_domain,
        measure_base64,
        read_amount,
        read_duration,
    )
    from fields.webhook_form import rest_value, webhook_value

__all__ = [
    # Questions
    "check",
    "check_options",
    "check_record",
    "check_records",
    "check_case",
    "typecast",
    "text",
    "convert",
    "convert_column",
    "infer",
    "webhook_value",
    "rest_value",
    # Parts of values
    "check_money",
    "read_amount",
    "read_duration",
    "check_hostname",
    "find_registrable_domain",
    "check_file_url",
    "check_file_kind",
    "check_file_sizes",
    "measure_base64",
    "clean_filename",
    "check_button",
    "check_button_url",
    # Pictures
    "draw_barcode",
    "read_barcodes",
    # Answers
    "Checked",
    "Converted",
    "ColumnPreview",
    "Inferred",
    "ReadBarcode",
    "Loss",
    "Problem",
    "CODES",
    "NotAColumn",
    "Mode",
    "TableRules",
    # The table
    "FIELD_TYPES",
    "FieldType",
    "Example",
]

_LATER = {
    "barcodes.pictures": ("ReadBarcode", "draw_barcode", "read_barcodes"),
    "cases": ("check_case",),
    "conversion.columns": ("ColumnPreview", "convert_column"),
    "conversion.converting": ("Converted", "Loss", "convert"),
    "inference.inferring": ("Inferred", "infer"),
    "parts": (
        "check_button",
        "check_button_url",
        "check_file_kind",
        "check_file_sizes",
        "check_file_url",
        "check_hostname",
        "check_money",
        "clean_filename",
        "find_registrable_domain",
        "measure_base64",
        "read_amount",
        "read_duration",
    ),
    "webhook_form": ("rest_value", "webhook_value"),
}
"""What a check of values does not need is read when it is first asked for: importing `fields` stays cheap."""


def __getattr__(name: str) -> Any:
    """A name of `_LATER`, read now (PEP 562)."""
    for module, names in _LATER.items():
        if name in names:
            found = getattr(import_module(f"fields.{module}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
