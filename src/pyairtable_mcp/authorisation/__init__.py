"""Who may call over HTTP: tokens of an issuer, named API keys, what each may do, with what credential.

A client's own token opens this door and nothing else: it is never sent to Airtable.
"""

from pyairtable_mcp.authorisation.choice import PrincipalChoice, Way
from pyairtable_mcp.authorisation.credentials import CredentialError, CredentialStore
from pyairtable_mcp.authorisation.door import Door
from pyairtable_mcp.authorisation.jwks import HttpKeys
from pyairtable_mcp.authorisation.keys import ApiKey, ApiKeys, KeyFileError
from pyairtable_mcp.authorisation.limits import Limits
from pyairtable_mcp.authorisation.scopes import ALL_SCOPES, KEY_SCOPES, needed_scope
from pyairtable_mcp.authorisation.services import serve_service
from pyairtable_mcp.authorisation.tokens import JwtVerifier, TokenError, Verifier

__all__ = [
    # The door
    "Door",
    "Limits",
    # Who is known
    "Verifier",
    "JwtVerifier",
    "HttpKeys",
    "TokenError",
    "ApiKey",
    "ApiKeys",
    "KeyFileError",
    "serve_service",
    # What they may
    "ALL_SCOPES",
    "KEY_SCOPES",
    "needed_scope",
    # Whose credential is used
    "CredentialStore",
    "CredentialError",
    "PrincipalChoice",
    "Way",
]
