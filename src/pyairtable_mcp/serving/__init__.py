"""The gateway that a served client reaches: counted, watched, and chosen by who calls."""

from pyairtable_mcp.serving.choice import Choice, LateGateway, Right
from pyairtable_mcp.serving.served import ServedGateway

__all__ = ["ServedGateway", "Choice", "LateGateway", "Right"]
