"""Web addresses as browsers read them (WHATWG URL Standard)."""

from collections.abc import Callable, Iterator

from ada_url import URL

from fields.cell import Cell
from fields.problems import Refusal
from fields.wording import listed, quoted, shown

WEB_SCHEMES = ("http", "https")
_LONGEST_SUGGESTION = 2_000  # characters; a longer address was not typed, so there is nothing to mend


def web_address(text: str, cell: Cell) -> str:
    """The address in its normal form. Refuses what no browser opens and what the options forbid.

    Options: `allowed_schemes` (http and https if absent), `allow_credentials`, `require_public_suffix`,
    `max_length` (characters of the normal form).
    """
    return judged(text, cell, _judge).href


def judged(text: str, cell: Cell, judge: Callable[[URL, Cell], None]) -> URL:
    """The address taken apart, if `judge` does not refuse it; its refusal gains a suggestion."""
    try:
        url = parsed(text, cell)
        judge(url, cell)
    except Refusal as refusal:
        mended = None if len(text) > _LONGEST_SUGGESTION else _mended(text, cell, judge)
        [problem] = refusal.problems
        raise cell.refusal(problem.code, problem.message, suggestion=mended) from None
    return url


def parsed(text: str, cell: Cell) -> URL:
    """The address taken apart. Refuses a text that is no absolute address."""
    try:
        return URL(text)
    except (ValueError, UnicodeError):
        message = f"{cell.name} takes an address such as https://example.com/, not {shown(text)}."
        raise cell.refusal("bad_url", message) from None


def check_scheme(url: URL, cell: Cell, default: tuple[str, ...] = WEB_SCHEMES) -> None:
    """Refuses a scheme that is not among the option `allowed_schemes`."""
    allowed = cell.strings("allowed_schemes", default)
    scheme = url.protocol.removesuffix(":")
    if scheme not in [name.lower().removesuffix(":") for name in allowed]:
        message = f"{cell.name} takes addresses with {listed(allowed)}, not with {quoted(scheme)}."
        raise cell.refusal("unsafe_url", message)


def check_credentials(url: URL, cell: Cell) -> None:
    """Refuses a login in the address, unless the option `allow_credentials` is set."""
    if (url.username or url.password) and not cell.flag("allow_credentials"):
        message = f"{cell.name} takes no address with a login in it. Leave out what stands before the @."
        raise cell.refusal("unsafe_url", message)


def _judge(url: URL, cell: Cell) -> None:
    check_scheme(url, cell)
    check_credentials(url, cell)
    if cell.flag("require_public_suffix"):
        _check_suffix(url, cell)
    longest = cell.integer("max_length")
    if longest is not None and len(url.href) > longest:
        raise cell.refusal("bad_url", f"{cell.name} takes addresses of {longest} characters at most.")


def _check_suffix(url: URL, cell: Cell) -> None:
    from fields.strict.hosts import has_public_suffix  # the list takes 25 ms to read

    if not has_public_suffix(url.hostname):
        message = f"{cell.name} takes a host under a public suffix such as com, not {quoted(url.hostname)}."
        raise cell.refusal("bad_url", message)


def _mended(text: str, cell: Cell, judge: Callable[[URL, Cell], None]) -> str | None:
    for candidate in _candidates(text.strip(), cell.string("default_scheme", "https")):
        try:
            url = parsed(candidate, cell)
            judge(url, cell)
        except Refusal:
            continue
        return url.href
    return None


def _candidates(text: str, scheme: str) -> Iterator[str]:
    """The address with the scheme that was left out, and without the login that is not wanted."""
    before = text.partition("/")[0]
    if "." in before and ":" not in before.rpartition(".")[0] and "@" not in before:
        yield f"{scheme}://{text}"
    scheme, separator, rest = text.partition("://")
    login, at, host = rest.partition("@")
    if separator and at and not {"/", "?", "#"} & set(login):
        yield f"{scheme}://{host}"
