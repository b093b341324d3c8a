"""A service over HTTP: its routes behind one door that recognises, limits, measures and translates errors."""

from pyairtable_platform.kernel.http.arguments import parsed, read_json
from pyairtable_platform.kernel.http.door import Door, create_service
from pyairtable_platform.kernel.http.health import Health, health_route
from pyairtable_platform.kernel.http.problems import of_arguments, response_of
from pyairtable_platform.kernel.http.rates import NoLimit, RateLimit, RequestLimit, too_many
from pyairtable_platform.kernel.http.recognition import principal_of, require

__all__ = [
    # Making a service
    "create_service",
    "Door",
    # Inside an endpoint
    "parsed",
    "read_json",
    "principal_of",
    "require",
    # How often
    "RequestLimit",
    "RateLimit",
    "NoLimit",
    "too_many",
    # Whether it is well
    "Health",
    "health_route",
    # Errors
    "of_arguments",
    "response_of",
]
