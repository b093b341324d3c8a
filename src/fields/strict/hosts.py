"""Names of hosts, and the part of a name that somebody registered."""

from functools import lru_cache

import ada_url
from publicsuffixlist import PublicSuffixList

from fields.cell import Cell
from fields.wording import shown

_DELIMITERS = frozenset("/\\?#@")


def hostname(text: str, cell: Cell) -> str:
    """The host as a browser reads it: in ASCII, or in Unicode if the option `form` says so.

    Source: "host parsing" of the WHATWG URL Standard, with UTS 46 processing as there.
    """
    found = None if _DELIMITERS & set(text) or _has_port(text) else _host_of(text)
    if not found:
        raise cell.refusal("bad_host", f"{cell.name} is the name of a host, not {shown(text)}.")
    return ada_url.idna_to_unicode(found) if cell.string("form") == "unicode" else found


def registrable_domain(text: str, cell: Cell) -> str:
    """The public suffix and one label more, as the Public Suffix List that is installed has it.

    `private: false` or `icann_only: true` leaves out what companies offer (github.io), as if it were
    registered like any other name. Names under unknown suffixes follow the list's rule "*".
    """
    private = cell.flag("private", default=True) and not cell.flag("icann_only")
    found = None if is_address(text) else _suffixes(private=private).privatesuffix(text.rstrip("."))
    if not found:
        message = f"{cell.name} is a name below a public suffix such as com or co.uk, not {shown(text)}."
        raise cell.refusal("bad_host", message)
    return str(found)


def has_public_suffix(host: str) -> bool:
    """Whether somebody could have registered the host's name under a suffix that is on the list."""
    suffixes = _suffixes(private=False, unknown=False)
    return not is_address(host) and suffixes.privatesuffix(host.rstrip(".")) is not None


def is_address(host: str) -> bool:
    """Whether the host is an IP address, in any of the forms that browsers read."""
    try:
        return ada_url.URL(f"http://{host}/").host_type != ada_url.HostType.DEFAULT
    except ValueError:
        return False


def _has_port(text: str) -> bool:
    return ":" in text and not text.startswith("[")


def _host_of(text: str) -> str | None:
    try:
        return str(ada_url.URL(f"https://{text}/").hostname)
    except (ValueError, UnicodeError):
        return None


@lru_cache
def _suffixes(*, private: bool, unknown: bool = True) -> PublicSuffixList:
    return PublicSuffixList(only_icann=not private, accept_unknown=unknown)
