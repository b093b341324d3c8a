"""Airtable's own word of changes: one webhook a base, whose notifications come in here."""

from airtable_gateway.listening.hooks import Hook, Hooks, MemoryHooks
from airtable_gateway.listening.listener import Listener
from airtable_gateway.listening.receiver import HOOKS, create_receiver

__all__ = [
    # What listens, and where Airtable tells it
    "Listener",
    "HOOKS",
    "create_receiver",
    # The webhooks that were made, and where they are kept
    "Hook",
    "Hooks",
    "MemoryHooks",
]
