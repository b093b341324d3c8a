"""Airtable's own Web API in front of the gateway, for clients that change their endpoint and their key."""

from airtable_gateway.proxy.app import create_proxy
from airtable_gateway.proxy.keys import Keys

__all__ = ["Keys", "create_proxy"]
