"""Subscriptions to resources: who subscribed is told of what others change, in both eras of MCP."""

from pyairtable_mcp.subscribing.subscribing import Subscribing

__all__ = ["Subscribing"]
