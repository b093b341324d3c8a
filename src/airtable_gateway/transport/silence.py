"""No answer, or none that is whole, turned into Unreachable: in our words alone.

The words of requests are never passed on: they may hold the token (InvalidHeader quotes it).
"""

import errno
import ssl
from collections.abc import Iterator

from requests import exceptions
from urllib3 import exceptions as below

from airtable_gateway.errors import AirtableError, InvalidValue, NothingListens, Unreachable

_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (below.ProxyError, "The proxy that the environment names for {address} cannot be reached."),
    (below.SSLError, "No trusted, encrypted connection to {address} could be made."),
    (below.NameResolutionError, "The host of {address} is not known: its name cannot be resolved."),
    (below.ConnectTimeoutError, "{address} cannot be reached."),
    (below.ReadTimeoutError, "No answer came from {address} in time."),
    (exceptions.JSONDecodeError, "The answer of {address} is not whole, or not JSON."),
    (exceptions.TooManyRedirects, "{address} sends requests in a circle."),
    (exceptions.InvalidHeader, "The token holds characters that a header cannot carry."),
    (UnicodeError, "The token holds characters that a header cannot carry."),
    (ValueError, "{address} is not a valid address."),
    (Exception, "The connection to {address} was lost before the answer was complete."),
)
"""The first one in the error or among its causes speaks; errors for bad addresses are ValueErrors."""

_BEFORE_SENDING = (
    below.ConnectTimeoutError,  # NewConnectionError and NameResolutionError among them
    below.ProxyError,
    ssl.SSLCertVerificationError,
    exceptions.InvalidHeader,
    exceptions.InvalidSchema,
    exceptions.InvalidURL,
    exceptions.MissingSchema,
    UnicodeError,
)

CAUGHT = (exceptions.RequestException, below.HTTPError, UnicodeError)
"""What a request may raise when no answer came."""


def explain_silence(error: Exception, address: str) -> AirtableError:
    """The error that says why no answer came from `address` (scheme, host and port)."""
    causes = tuple(_causes(error))
    if _is_json_of_ours(error):
        return InvalidValue("A value cannot be sent as JSON: NaN and infinity have no form there.")
    if _is_text_of_ours(causes):
        return InvalidValue("A text holds half a surrogate pair, which is no text and cannot be sent.")
    if _is_refused_connection(causes):
        return NothingListens(f"Nothing listens at {address}.", may_be_applied=False)
    return Unreachable(
        _words(causes).format(address=address),
        status=200 if isinstance(error, exceptions.JSONDecodeError) else None,
        may_be_applied=not _holds(causes, _BEFORE_SENDING),
    )


def _is_json_of_ours(error: Exception) -> bool:
    return isinstance(error, exceptions.InvalidJSONError) and not isinstance(
        error, exceptions.JSONDecodeError
    )


def _is_text_of_ours(causes: tuple[BaseException, ...]) -> bool:
    """Whether something in an address could not be encoded; headers are encoded otherwise."""
    return any(isinstance(cause, UnicodeEncodeError) and cause.encoding == "utf-8" for cause in causes)


def _is_refused_connection(causes: tuple[BaseException, ...]) -> bool:
    """Whether Airtable's host itself refused; a proxy that does so is another matter."""
    return not _holds(causes, below.ProxyError) and any(
        isinstance(cause, OSError) and cause.errno == errno.ECONNREFUSED for cause in causes
    )


def _words(causes: tuple[BaseException, ...]) -> str:
    return next(words for kind, words in _WORDS if _holds(causes, kind))


def _holds(causes: tuple[BaseException, ...], kinds: type[Exception] | tuple[type[Exception], ...]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it was made from; urllib3 keeps some in `reason` and requests in `args`."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or cause in seen:
            continue
        seen.append(cause)
        waiting += [getattr(cause, "reason", None), cause.__cause__, cause.__context__, *cause.args]
        yield cause
