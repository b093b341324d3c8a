"""Who may look at the page's data: this machine's own browser on this very page, or the bearer of a token."""

import ipaddress
from typing import Literal
from urllib.parse import urlsplit

from starlette.requests import Request

from local_twins.airtable import errors
from local_twins.airtable.errors import Refusal
from local_twins.airtable.web.auth import Tokens, caller

PageAccess = Literal["loopback", "token"]
"""Whether a request from this machine is let in without a token, or nobody is."""

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


def admit(request: Request, tokens: Tokens, access: PageAccess) -> None:
    """Let the request pass. Raises Refusal.

    A page of another origin is refused whatever it brings, and so is one whose name was bent to this address:
    then the Host is not one of this machine's own names. A limited token would see more than it may.
    """
    if _comes_from_elsewhere(request):
        raise Refusal(errors.NOT_PERMITTED)
    if authorization := request.headers.get("authorization", ""):
        grant = caller(tokens, authorization)
        if grant.scopes is not None or grant.bases is not None:
            raise Refusal(errors.NOT_PERMITTED)
    elif access == "token" or not _is_local(request):
        raise Refusal(errors.AUTHENTICATION_REQUIRED)


def _comes_from_elsewhere(request: Request) -> bool:
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return True
    return request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")


def _is_local(request: Request) -> bool:
    """Whether it was sent on this machine, to it by a name of its own, and not passed on by a proxy."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    client = request.client.host if request.client else ""
    return _is_loopback(client) and _is_loopback(
        urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
