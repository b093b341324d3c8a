"""The gateway that a served client reaches: counted, watched, and chosen by who calls."""

from pyairtable_mcp.serving.choice import Choice, OneGateway, Right
from pyairtable_mcp.serving.served import ServedGateway

__all__ = ["ServedGateway", "Choice", "OneGateway", "Right"]
