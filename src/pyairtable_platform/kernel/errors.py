"""What a service may answer instead of a result.

ServiceError
├── BadRequest      400  the request cannot be read
├── Unauthenticated 401  nobody known asks
├── Forbidden       403  who asks may not do this
├── NotFound        404  there is no such thing, or it belongs to someone else
├── Conflict        409  the thing is in a state that does not allow it
├── TooLarge        413  the body is larger than the service reads
├── Invalid         422  what was asked makes no sense
├── TooMany         429  too often; retry_after_seconds says when again
└── Unavailable     503  something that the service stands on does not answer

A service's own errors are leaves below these, at the top of the module whose rule they tell.
"""

from collections.abc import Mapping
from typing import Any


class ServiceError(Exception):
    """The service could not do what was asked."""

    status = 500
    code = "internal"
    title = "The service failed"

    def __init__(self, detail: str = "", **extra: Any) -> None:
        self.detail = detail or " ".join((self.__doc__ or "").split())
        self.extra: Mapping[str, Any] = extra
        super().__init__(self.detail)


class BadRequest(ServiceError):
    """The request cannot be read."""

    status = 400
    code = "bad_request"
    title = "The request cannot be read"


class Unauthenticated(ServiceError):
    """Send the server's key as the header `Authorization: Bearer KEY`."""

    status = 401
    code = "unauthenticated"
    title = "Nobody known asks"


class Forbidden(ServiceError):
    """Your key does not allow this."""

    status = 403
    code = "forbidden"
    title = "Not allowed"


class NotFound(ServiceError):
    """There is no such thing."""

    status = 404
    code = "not_found"
    title = "Not found"


class Conflict(ServiceError):
    """It is not in a state that allows this."""

    status = 409
    code = "conflict"
    title = "Not possible now"


class TooLarge(ServiceError):
    """The body is larger than is read here."""

    status = 413
    code = "too_large"
    title = "The body is too large"


class Invalid(ServiceError):
    """What was asked makes no sense."""

    status = 422
    code = "invalid"
    title = "Wrong arguments"


class TooMany(ServiceError):
    """Too many requests; wait a little."""

    status = 429
    code = "too_many_requests"
    title = "Too many requests"

    def __init__(self, detail: str = "", *, retry_after_seconds: int = 1, **extra: Any) -> None:
        super().__init__(detail, **extra)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(ServiceError):
    """Something that this service stands on does not answer; try again later."""

    status = 503
    code = "unavailable"
    title = "Not available now"
