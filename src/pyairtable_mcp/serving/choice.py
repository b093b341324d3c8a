"""Which gateway serves the call under way, and whether the caller has the right that the call needs."""

from dataclasses import dataclass
from typing import Literal, Protocol, Self

from airtable_gateway import Gateway

Right = Literal["read", "write", "schema"]
"""What a call does: reads; writes records, comments and files; changes what holds them, or webhooks."""


class Choice(Protocol):
    """Chooses by who calls. `async with choice:` opens it; a gateway is given only in between."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *exc: object) -> None: ...

    async def gateway(self, right: Right) -> Gateway:
        """The caller's gateway, open. Raises Refused when the caller may not."""
        ...


@dataclass(frozen=True, slots=True)
class OneGateway:
    """The same gateway for everybody, with every right."""

    inner: Gateway

    async def __aenter__(self) -> Self:
        await self.inner.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.inner.__aexit__(*exc)

    async def gateway(self, right: Right) -> Gateway:  # noqa: ARG002 - everybody may do everything
        """See `Choice.gateway`."""
        return self.inner
