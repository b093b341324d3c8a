"""What clients send, read without trusting that it is what Airtable takes."""

import json
from typing import Any

Json = dict[str, Any]


def json_of(body: bytes) -> Any:
    """The JSON of a body, None for anything else."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def object_of(body: bytes) -> Json:
    """The JSON object of a body; {} for anything else, which Airtable refuses in its own words."""
    read = json_of(body)
    return read if isinstance(read, dict) else {}
