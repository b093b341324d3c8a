"""The log of calls: one line of JSON each, to wherever the process complains."""

import logging
from typing import TextIO

from pyairtable_mcp.observing import CALLS, JsonLines


def write_calls(stream: TextIO) -> None:
    """Write a line for each call from now on, and to no other log."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger(CALLS)
    logger.handlers = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False
