"""Where Airtable is, and with which token: asked for on first use, and again when no answer comes."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address without path ("https://api.airtable.com") and a bearer token, which never prints.

    `name` tells apart an Airtable whose address changes from start to start; "" when the address does.
    """

    url: str
    token: str = field(repr=False)
    name: str = ""


class EndpointSource(Protocol):
    """Names the endpoint when it is first needed, so that the embedded Airtable may start that late."""

    async def endpoint(self) -> Endpoint:
        """The endpoint to use from now on. Raises AirtableError when there is none to be had."""
        ...

    async def lost(self, endpoint: Endpoint) -> bool:
        """Told that nothing listens at `endpoint`; True when asking `endpoint()` again may help."""
        ...


@dataclass(frozen=True, slots=True)
class FixedEndpoint:
    """An endpoint that settings named: it does not move."""

    value: Endpoint

    async def endpoint(self) -> Endpoint:
        """The endpoint of the settings."""
        return self.value

    async def lost(self, endpoint: Endpoint) -> bool:  # noqa: ARG002 - the protocol's word; there is no other place
        """Asking again does not help."""
        return False
