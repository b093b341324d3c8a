"""An endpoint whose source is made when it is first asked: starting must not load what serves it."""

from collections.abc import Callable

from airtable_gateway import Endpoint, EndpointSource


class LateEndpoints:
    """See `EndpointSource`; `make` gives the same source each time."""

    def __init__(self, make: Callable[[], EndpointSource]) -> None:
        self._make = make

    async def endpoint(self) -> Endpoint:
        """See `EndpointSource.endpoint`."""
        return await self._make().endpoint()

    async def lost(self, endpoint: Endpoint) -> bool:
        """See `EndpointSource.lost`."""
        return await self._make().lost(endpoint)
