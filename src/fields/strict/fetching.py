"""Addresses to fetch a file from: none may lead into a private network (SSRF).

Nothing is resolved here. Whoever fetches asks again with the addresses that the host resolved to, and at
every redirect, and connects to one of just those addresses.
"""

from functools import partial

from ada_url import URL, HostType

from fields.cell import Cell
from fields.problems import Refusal
from fields.strict.networks import is_local_name, special_purpose
from fields.strict.urls import check_credentials, check_scheme, judged
from fields.wording import quoted, shown


def fetch_address(text: str, cell: Cell) -> str:
    """The address in its normal form. Refuses what must not be fetched.

    Options: `addresses` (what the host resolved to; every one must be public), `block_private` (true if
    absent), `allow_credentials`, `allowed_schemes`.
    """
    return judged(text, cell, partial(_judge)).href


def _judge(url: URL, cell: Cell) -> None:
    check_scheme(url, cell)
    check_credentials(url, cell)
    if not cell.flag("block_private", default=True):
        return
    is_name = url.host_type == HostType.DEFAULT
    if is_name and is_local_name(url.hostname):
        raise _inside(cell, url.hostname, "a name of the local network")
    for address in cell.strings("addresses") if is_name else (url.hostname, *cell.strings("addresses")):
        _check_public(address, cell)


def _check_public(address: str, cell: Cell) -> None:
    try:
        purpose = special_purpose(address)
    except ValueError:
        raise cell.refusal("unsafe_url", f"{cell.name}: {shown(address)} is no IP address.") from None
    if purpose:
        raise _inside(cell, address, f"for {purpose}")


def _inside(cell: Cell, host: str, what: str) -> Refusal:
    message = f"{cell.name} is fetched from public servers only; {quoted(host)} is {what}."
    return cell.refusal("unsafe_url", message)
