"""Listens to bases: sees to their webhooks, reads what they tell when Airtable calls, and tells it on."""

import asyncio
import json
import logging
from typing import Any, Self

from airtable_gateway.clock import Clock
from airtable_gateway.errors import AirtableError, NotFound, Refused
from airtable_gateway.hearing import ForeignChanges, Hearer, changes_told
from airtable_gateway.listening.establishing import established
from airtable_gateway.listening.hooks import Hook, Hooks
from airtable_gateway.listening.signing import Ping, is_signed
from airtable_gateway.traffic.urgency import bulk, calling
from airtable_gateway.webhooks import Webhooks

CHECK_SECONDS = 6 * 3600.0
"""How often each webhook is set right; it lives for a week (docs: "Webhooks overview")."""

RETRY_SECONDS = 900.0
"""How soon it is tried again where there can be none: a scope may be given, a place become free."""

MOST_BASES = 500

_PATIENCE_SECONDS = 60.0
"""After so long, what a failed reading would have told is taken for anything."""

logger = logging.getLogger(__name__)


class Listener:
    """Hears of changes in the bases that it was told to `want`; `hearer` is told of them.

    `address` is where this process can be reached, the base's id comes behind it.
    """

    def __init__(
        self, gateway: Webhooks, hooks: Hooks, address: str, hearer: Hearer, clock: Clock | None = None
    ) -> None:
        self._gateway = gateway
        self._hooks = hooks
        self._address = address
        self._hearer = hearer
        self._clock = clock or Clock()
        self._wanted: dict[str, asyncio.Event] = {}
        self._cursors: dict[str, int] = {}
        self._complaints: dict[str, str] = {}
        self._newest: dict[str, str] = {}
        self._pinged: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_open = False

    async def __aenter__(self) -> Self:
        self._is_open = True
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._is_open = False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def want(self, base_id: str) -> None:
        """Listen to the base from now on; it costs nothing to say it again."""
        if base_id in self._wanted or not self._is_open or len(self._wanted) >= MOST_BASES:
            return
        self._wanted[base_id] = asyncio.Event()
        self._start(self._see_to(base_id))

    async def heard(self, base_id: str) -> None:
        """Until the base has been seen to for the first time, whether it can be listened to or not."""
        await self._wanted[base_id].wait()

    async def ping(self, base_id: str, ping: Ping) -> bool:
        """Take in a notification; False for one that Airtable did not send. It is read after this returns.

        One that comes again tells nothing new, and nothing is read for it.
        """
        hook = await self._hooks.hook(base_id)
        if hook is None or not is_signed(ping, hook):
            return False
        moment = _moment(ping, hook)
        if moment is None:
            return False
        if moment > self._newest.get(base_id, ""):
            self._newest[base_id] = moment
            self._listen(hook)
        return True

    def _listen(self, hook: Hook) -> None:
        """Read the payloads; a reading that is under way is followed by one more for whatever comes."""
        if (pinged := self._pinged.get(hook.base_id)) is not None:
            pinged.set()
            return
        self._pinged[hook.base_id] = asyncio.Event()
        self._start(self._read_all(hook))

    async def _read_all(self, hook: Hook) -> None:
        pinged = self._pinged[hook.base_id]
        try:
            while True:
                pinged.clear()
                await self._hearer(await self._news(hook))
                if not pinged.is_set():
                    return
        finally:
            del self._pinged[hook.base_id]

    async def _news(self, hook: Hook) -> ForeignChanges:
        """What changed; anything may have, where Airtable does not say in time."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await self._told(hook)
        except (NotFound, Refused):
            await self._set_right(hook.base_id)
        except (AirtableError, TimeoutError) as error:
            logger.warning("The payloads of the webhook of %s cannot be read: %s", hook.base_id, error)
        return _anything(hook.base_id)

    async def _told(self, hook: Hook) -> ForeignChanges:
        """What the payloads tell that came since the last reading."""
        cursor = self._cursors.get(hook.webhook_id)
        if cursor is None:
            # Another process made the webhook: what it told before, nobody here has heard.
            await self._set_right(hook.base_id)
            return _anything(hook.base_id)
        payloads: list[Any] = []
        while True:
            with calling("webhooks"):
                page = await self._gateway.webhook_payloads(hook.base_id, hook.webhook_id, cursor=cursor)
            payloads += page.payloads
            cursor = self._cursors[hook.webhook_id] = page.cursor
            if not page.might_have_more:
                return changes_told(hook.base_id, payloads)

    async def _see_to(self, base_id: str) -> None:
        """Set the webhook right, again and again: Airtable ends it after a week, or a person does."""
        while True:
            known = set(self._cursors)
            hook = await self._set_right(base_id)
            if hook is not None:
                is_known = hook.webhook_id in known
                # Notifications may have been off for a while, and what was told before is not known at all.
                await self._hearer(await self._news(hook) if is_known else _anything(base_id))
            self._wanted[base_id].set()
            await self._clock.sleep(CHECK_SECONDS if hook else RETRY_SECONDS)

    async def _set_right(self, base_id: str) -> Hook | None:
        """The base's webhook, None where there can be none."""
        try:
            with bulk(), calling("webhooks"):
                hook, cursor = await established(
                    self._gateway, self._hooks, base_id, f"{self._address}/{base_id}"
                )
        except (AirtableError, OSError) as error:
            self._complain(base_id, str(error))
            return None
        self._cursors.setdefault(hook.webhook_id, cursor)
        return hook

    def _complain(self, base_id: str, reason: str) -> None:
        """Say once why others' changes in the base are seen later."""
        if self._complaints.get(base_id) != reason:
            self._complaints[base_id] = reason
            logger.warning("No webhook for %s, so that others' changes are seen later: %s", base_id, reason)

    def _start(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _anything(base_id: str) -> ForeignChanges:
    return ForeignChanges(base_id, reshapes=True, is_whole=True)


def _moment(ping: Ping, hook: Hook) -> str | None:
    """When the notification was made, None when it is not about this webhook."""
    try:
        match json.loads(ping.body):
            case {"base": {"id": str(base)}, "webhook": {"id": str(webhook)}, "timestamp": str(moment)}:
                return moment if (base, webhook) == (hook.base_id, hook.webhook_id) else None
    except ValueError:
        pass
    return None
