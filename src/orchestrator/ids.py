"""Ids of sessions, runs, approvals and requests: a prefix that says what, and 22 random characters."""

import secrets


def new_id(prefix: str) -> str:
    """A new id, for example ses_Y0nT3..."""
    return f"{prefix}_{secrets.token_urlsafe(16)}"
