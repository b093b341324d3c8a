"""Logs: one line an event on standard error, for a person or, in production, as JSON.

Each line carries what is bound where it is written: the request's id, the principal, the session and its run.
What people wrote is never logged; what looks like a secret, and each secret that is known, is masked.
"""

import logging
import re
import sys
from collections.abc import Collection, MutableMapping
from typing import Any

import structlog

_CHATTY = ("alembic", "asyncio", "google_genai", "httpcore2", "httpx", "httpx2", "mcp", "uvicorn")
"""What these say of each request and of each start is in our own lines, or nobody's business."""

_SECRET_NAME = re.compile(r"api_?key|authorization|cookie|credential|password|secret|token$", re.IGNORECASE)
_SECRET_WORD = re.compile(r"(?i)\b(bearer\s+|[a-z]+://[^\s/:@]*:)([^\s@'\"]+)")
_MASK = "***"

_SHORTEST = 6
"""A shorter secret is a word that other lines may hold."""


def configure(*, as_json: bool, level: int = logging.INFO, secrets: Collection[str] = ()) -> None:
    """Send what structlog and the standard library log to standard error; called once, at the start.

    `secrets` are masked wherever they turn up.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _Masked(secrets),
                _renderer(as_json=as_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _renderer(*, as_json: bool) -> structlog.typing.Processor:
    if as_json:
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(
        colors=False, exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )


class _Masked:
    """Masks secrets: by the name under which they stand, by their form, and those that are known."""

    def __init__(self, secrets: Collection[str]) -> None:
        # The longest first: one may be a part of another.
        self._secrets = sorted(
            (secret for secret in secrets if len(secret) >= _SHORTEST), key=len, reverse=True
        )

    def __call__(
        self, _logger: Any, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """The event as it may be written."""
        return {
            name: _MASK if _SECRET_NAME.search(name) else self._masked(value) for name, value in event.items()
        }

    def _masked(self, value: Any) -> Any:
        if isinstance(value, bool | int | float | None):
            return value
        text = str(value)
        for secret in self._secrets:
            text = text.replace(secret, _MASK)
        return _SECRET_WORD.sub(rf"\1{_MASK}", text)
