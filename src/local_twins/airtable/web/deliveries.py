"""What a twin does behind its answers: files fetched by address, and pings sent to webhooks."""

from collections.abc import Iterator
from contextlib import contextmanager

from local_twins.airtable.feed.pings import PingRules, WebhookPings
from local_twins.airtable.files.fetcher import Fetcher
from local_twins.airtable.storage.store import Store
from local_twins.airtable.writing.fetching import FileFetching


@contextmanager
def deliveries(store: Store, *, allow_private_urls: bool = False) -> Iterator[None]:
    """While it is open, files are fetched and webhooks told; from and to public servers, unless allowed."""
    fetcher = Fetcher(allow_private_urls=allow_private_urls)
    with FileFetching(store, fetcher), WebhookPings(store, PingRules(allow_private_urls=allow_private_urls)):
        yield
