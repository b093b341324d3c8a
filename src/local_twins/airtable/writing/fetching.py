"""Attachments by address: their files are fetched behind the answer, and the cells told when they came."""

import logging
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Self

import fields
from local_twins.airtable.computing.draft import Draft
from local_twins.airtable.computing.loaded import Records
from local_twins.airtable.files.fetcher import Fetcher, NotFetched
from local_twins.airtable.model.attachments import ATTACHMENTS, Attachment
from local_twins.airtable.storage.files import NewAddress
from local_twins.airtable.storage.store import Store
from local_twins.airtable.writing.attaching import Upload, attach

logger = logging.getLogger(__name__)

_AT_ONCE = 2


class FileFetching:
    """While it is open, files that the store's cells name by address are fetched and kept.

    Those that wait when it is closed, or when the process ends, are fetched when it is opened again.
    """

    def __init__(self, store: Store, fetcher: Fetcher) -> None:
        self._store = store
        self._fetcher = fetcher
        self._threads: ThreadPoolExecutor | None = None
        self._under_way: set[Future[None]] = set()

    def __enter__(self) -> Self:
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="airtable-files")
        self._store.on_new_address = self._ask
        with self._store.lock:
            wanted = self._store.files.wanted()
        for address in wanted:
            self._ask(address)
        return self

    def __exit__(self, *_: object) -> None:
        self._store.on_new_address = None
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)

    def settle(self, timeout_seconds: float) -> None:
        """Wait for the files that were asked for so far."""
        wait(set(self._under_way), timeout_seconds)

    def ask_for_all(self, base_id: str) -> int:
        """Fetch the files of a base that are named by address alone; how many there are."""
        wanted = list(_elsewhere(self._store, base_id))
        for address in wanted:
            self._ask(address)
        return len(wanted)

    def _ask(self, wanted: NewAddress) -> None:
        if self._threads is not None:
            task = self._threads.submit(self._fetch, wanted)
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    def _fetch(self, wanted: NewAddress) -> None:
        try:
            fetched = self._fetcher.fetch(wanted.url)
            self._keep(wanted, Upload(fetched.filename, fetched.declared_type, fetched.content))
        except NotFetched as error:
            logger.warning("%s stays without its file: %s", wanted.attachment_id, error)
            self._give_up(wanted)
        except Exception:
            logger.exception("%s stays without its file", wanted.attachment_id)
            self._settle(wanted)

    def _give_up(self, wanted: NewAddress) -> None:
        with self._store.lock:
            self._store.failing.note(wanted.url, self._store.clock())
        self._settle(wanted)

    def _settle(self, wanted: NewAddress) -> None:
        with self._store.transaction():
            self._store.files.settle(wanted.attachment_id)

    def _keep(self, wanted: NewAddress, upload: Upload) -> None:
        """Write the file and the cell, if the cell still holds the attachment."""
        with self._store.transaction():
            self._store.files.settle(wanted.attachment_id)
            open_base = self._store.base(wanted.base_id)
            if open_base is None:
                return
            draft = Draft(self._store, open_base, wanted.user_id, source="system")
            row = draft.records.find(wanted.record_id)
            cell: list[Attachment] = (row.cells.get(wanted.field_id) or []) if row else []
            if row is None or all(item["id"] != wanted.attachment_id for item in cell):
                return
            told = [self._told(item, wanted, upload) for item in cell]
            draft.fill_cell(row, open_base.base.fields[wanted.field_id][1], told)
            draft.finish()

    def _told(self, item: Attachment, wanted: NewAddress, upload: Upload) -> Attachment:
        if item["id"] != wanted.attachment_id:
            return item
        name = fields.clean_filename(item["filename"])
        named = replace(upload, filename="attachment" if name.problems else name.value)
        return attach(self._store, wanted.attachment_id, named)


def _elsewhere(store: Store, base_id: str) -> Iterator[NewAddress]:
    """The attachments of a base whose files are not kept here."""
    with store.lock:
        open_base = store.base(base_id)
        fields_by_id = open_base.base.fields if open_base else {}
        for table, field in fields_by_id.values():
            if open_base is None or field.type != "multipleAttachments":
                continue
            for row in Records(store, open_base).in_table(table):
                for item in row.cells.get(field.id) or ():
                    if not item["url"].startswith(ATTACHMENTS):
                        yield NewAddress(item["id"], base_id, row.id, field.id, item["url"], row.modified_by)
