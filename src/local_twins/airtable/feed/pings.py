"""Pings: whoever keeps a webhook is told of a new payload, signed, and told again when it did not arrive."""

import http.client
import logging
import threading
import time
from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import HMAC
from typing import Any, Self

from local_twins.airtable.files.connecting import Connector, NotAllowed
from local_twins.airtable.model import times
from local_twins.airtable.model.rows import to_text
from local_twins.airtable.model.webhooks import Webhook
from local_twins.airtable.storage.store import Store

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PingRules:
    """How patient pings are: thirteen retries, each after twice the time, are about a day in all."""

    allow_private_urls: bool = False
    first_delay_seconds: float = 10.0
    retries: int = 13
    timeout_seconds: float = 25.0


class WebhookPings:
    """While it is open, each new payload of a webhook is announced to its address.

    Pings of one webhook go one after the other; one that waits stands for all payloads that came meanwhile.
    Those that wait when it is closed are sent when it is opened again.
    """

    def __init__(self, store: Store, rules: PingRules | None = None) -> None:
        self._store = store
        self._rules = rules or PingRules()
        self._closing = threading.Event()
        self._guard = threading.Lock()
        self._wanted: set[str] = set()
        self._threads: dict[str, threading.Thread] = {}

    def __enter__(self) -> Self:
        self._store.on_payload = self._ask
        with self._store.lock:
            untold = self._store.webhooks.untold()
        for webhook_id in untold:
            self._ask(webhook_id)
        return self

    def __exit__(self, *_: object) -> None:
        self._store.on_payload = None
        self._closing.set()
        with self._guard:
            threads = list(self._threads.values())
        for thread in threads:
            thread.join()

    def settle(self, timeout_seconds: float) -> None:
        """Wait for the pings that were asked for so far, with their retries."""
        with self._guard:
            threads = list(self._threads.values())
        for thread in threads:
            thread.join(timeout_seconds)

    def _ask(self, webhook_id: str) -> None:
        with self._guard:
            self._wanted.add(webhook_id)
            if webhook_id not in self._threads:
                thread = threading.Thread(target=self._serve, args=(webhook_id,), name=f"ping-{webhook_id}")
                self._threads[webhook_id] = thread
                thread.start()

    def _serve(self, webhook_id: str) -> None:
        """Ping as long as there is something to tell."""
        try:
            while self._takes(webhook_id):
                self._insist(webhook_id)
        except Exception:
            logger.exception("the webhook %s is not told any more", webhook_id)
            with self._guard:
                self._threads.pop(webhook_id, None)

    def _takes(self, webhook_id: str) -> bool:
        """Whether there is something to tell; if not, the webhook's thread ends."""
        with self._guard:
            if webhook_id in self._wanted and not self._closing.is_set():
                self._wanted.discard(webhook_id)
                return True
            self._threads.pop(webhook_id, None)
            return False

    def _insist(self, webhook_id: str) -> None:
        """Ping until it arrives, or until patience ends: then notifications are turned off."""
        for attempt in range(self._rules.retries + 1):
            webhook = self._listening(webhook_id)
            if webhook is None:
                return
            began = time.monotonic()
            error = self._failure(webhook)
            duration_ms = (time.monotonic() - began) * 1000
            self._note(webhook_id, attempt, error, duration_ms)
            delay = self._rules.first_delay_seconds * 2**attempt
            if error is None or self._closing.wait(delay if attempt < self._rules.retries else 0):
                return

    def _listening(self, webhook_id: str) -> Webhook | None:
        """The webhook as it is now, None when it is not to be told."""
        with self._store.lock:
            webhook = self._store.webhooks.find(webhook_id)
            now = times.to_text(self._store.clock())
        if webhook is None or webhook.notification_url is None or not webhook.are_notifications_enabled:
            return None
        return webhook if webhook.is_enabled(now) else None

    def _failure(self, webhook: Webhook) -> str | None:
        """Send one ping; why it did not arrive, None when it did."""
        try:
            status = self._send(webhook, str(webhook.notification_url))
        except (NotAllowed, OSError, http.client.HTTPException, ValueError) as error:
            return str(error) or type(error).__name__
        return None if status in (200, 204) else f"the server answered {status}"

    def _send(self, webhook: Webhook, url: str) -> int:
        told = {"base": {"id": webhook.base_id}, "webhook": {"id": webhook.id}}
        body = to_text(told | {"timestamp": times.to_text(self._store.clock())}).encode()
        deadline = time.monotonic() + self._rules.timeout_seconds
        connection = Connector(self._rules.allow_private_urls).connect(url, deadline)
        try:
            headers = {
                "Host": connection.host,
                "Content-Type": "application/json",
                "X-Airtable-Content-MAC": f"hmac-sha256={HMAC(webhook.secret, body, sha256).hexdigest()}",
            }
            connection.http.request("POST", connection.target, body, headers)
            return connection.http.getresponse().status
        finally:
            connection.http.close()

    def _note(self, webhook_id: str, attempt: int, error: str | None, duration_ms: float) -> None:
        """Write down how a ping went, if the webhook is still there."""
        with self._store.transaction():
            webhook = self._store.webhooks.find(webhook_id)
            if webhook is None:
                return
            now, is_last = times.to_text(self._store.clock()), attempt == self._rules.retries
            result: dict[str, Any] = {
                "success": error is None,
                "completionTimestamp": now,
                "durationMs": round(duration_ms, 3),
                "retryNumber": attempt,
            }
            if error is None:
                changed = replace(webhook, last_result=result, last_success_time=now)
            else:
                result |= {"error": {"message": error}, "willBeRetried": not is_last}
                is_on = webhook.are_notifications_enabled and not is_last
                changed = replace(webhook, last_result=result, are_notifications_enabled=is_on)
            self._store.webhooks.change(changed)
