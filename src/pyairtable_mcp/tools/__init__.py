"""Every tool of the server, in the order in which a client sees them.

The order is fixed: a client's prompt cache depends on it.
"""

from pyairtable_mcp.tool import Tool
from pyairtable_mcp.tools.analysis import analyze_table_data, find_duplicates
from pyairtable_mcp.tools.batches import batch_create_records, batch_update_records
from pyairtable_mcp.tools.conversion import convert_field_preview
from pyairtable_mcp.tools.exporting import export_table_csv
from pyairtable_mcp.tools.formulas import evaluate_formula, validate_formula
from pyairtable_mcp.tools.metadata import create_metadata_table
from pyairtable_mcp.tools.records import (
    create_record,
    delete_record,
    get_records,
    search_records,
    update_record,
)
from pyairtable_mcp.tools.syncing import sync_tables
from pyairtable_mcp.tools.tables import get_field_info, list_tables
from pyairtable_mcp.tools.validation import validate_record

TOOLS: tuple[Tool, ...] = (
    list_tables,
    get_records,
    create_record,
    update_record,
    delete_record,
    search_records,
    create_metadata_table,
    batch_create_records,
    batch_update_records,
    get_field_info,
    analyze_table_data,
    find_duplicates,
    export_table_csv,
    sync_tables,
    evaluate_formula,
    validate_formula,
    validate_record,
    convert_field_preview,
)
