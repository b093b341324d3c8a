"""Time as the gateway needs it: now, and later. Tests put their own in its place and do not wait."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` in seconds that never run backwards, and a `sleep` of so many seconds."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
