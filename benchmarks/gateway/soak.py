"""Four processes over Redis at the limit, then with faults: `make soak-gateway [SECONDS=60]`."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from local_twin import TOKEN, LocalTwin, local_twin

PROCESSES = 4
RATE = 5
SKEW_SECONDS = 15
"""The first process works for so much longer than is measured, since the last one starts later."""
WORKER = str(Path(__file__).with_name("soak_worker.py"))

FAULTS = {
    "seed": 7,
    "rules": [
        {"fault": "429", "retryAfter": 1, "probability": 0.025},
        {"fault": "503", "probability": 0.025},
        {"fault": "drop_before", "probability": 0.025},
        {"fault": "drop_after", "probability": 0.025},
    ],
}
"""A request in ten meets one of them."""


def main(seconds: int) -> int:
    """Run both, print a line for each promise, and fail when one does not hold."""
    held = [*_at_the_limit(seconds), *_with_faults(seconds)]
    return 0 if all(held) else 1


def _at_the_limit(seconds: int) -> list[bool]:
    print(f"{PROCESSES} processes for {seconds} s against a strict Airtable:", flush=True)
    with local_twin(rate_limit="strict") as twin, TemporaryDirectory() as folder:
        workers = _start(twin, "pace", seconds + SKEW_SECONDS, folder, JOURNAL="off")
        twin.begin_count()
        time.sleep(seconds)
        counts = twin.count()
        answers = [_answers(worker) for worker in workers]
    used = counts["requests"] / seconds / RATE
    refused = counts["answers"].get("429", 0)
    shares = [len(answer["reads"]) for answer in answers]
    return [
        _told("refused with 429", str(refused), "0", holds=refused == 0),
        _told("of 5 requests a second used", f"{used:.1%}", ">= 95 %", holds=used >= 0.95),
        _told("failures", str(_failures(answers)), "none", holds=not _failures(answers)),
        _told("each process's calls", str(shares), "even", holds=min(shares) > 0.6 * max(shares)),
    ]


def _with_faults(seconds: int) -> list[bool]:
    print(f"{PROCESSES} processes for {seconds} s, with a fault in a request of ten:", flush=True)
    with local_twin(rate_limit="strict") as twin, TemporaryDirectory() as folder:
        twin.ask("PUT", "/_twin/faults", FAULTS)
        twin.begin_count()
        workers = _start(twin, "faults", seconds, folder, JOURNAL="on", AIRTABLE_MARK_FIELD="Mark")
        answers = [_answers(worker) for worker in workers]
        counts = twin.count()
        twin.ask("DELETE", "/_twin/faults")
        marked, plain = (_records(twin, table) for table in ("Marked", "Plain"))
    print(f"       {counts['requests']} requests, faults: {counts['faults']}", flush=True)
    injected = counts["faults"].get("429", 0)
    refused = counts["answers"].get("429", 0)
    held = [
        _told("refused beside the faults", str(refused - injected), "0", holds=refused == injected),
        _told("failures", str(_failures(answers)), "none", holds=not _failures(answers)),
    ]
    return [*held, *_exactly_once(answers, marked, plain), *_at_most_once(answers, plain)]


def _exactly_once(answers: list[dict[str, Any]], marked: dict[str, str], plain: dict[str, str]) -> list[bool]:
    """What was acknowledged is there once, or is gone."""
    plain_titles, marked_titles = Counter(plain.values()), Counter(marked.values())
    updated = [
        marked[answer["changed_record_ids"][0]] == f"{answer['name'][0]} changed {answer['updates'][-1]}"
        for answer in answers
    ]
    upserted = [plain_titles[title] for title in _all(answers, "upserts")]
    deleted = [marked_titles[title] for title in _all(answers, "deletes")]
    identical = len(_all(answers, "marked"))
    distinct = [plain_titles[title] for title in _all(answers, "distinct")]
    unknown = [plain_titles[title] for title in _all(answers, "distinct_unknown")]
    updates = len(_all(answers, "updates"))
    return [
        _told("updates", f"{updates}, the last of each process in place", "all", holds=all(updated)),
        _told("upserts", _spread(upserted), "each once", holds=set(upserted) == {1}),
        _told("deletes", _spread(deleted), "each gone", holds=set(deleted) == {0}),
        _told(
            "creates with a mark",
            f"{identical} acknowledged, {marked_titles['marked']} there",
            "equal",
            holds=identical == marked_titles["marked"] and not _all(answers, "marked_unknown"),
        ),
        _told("creates of distinct values", _spread(distinct), "each once", holds=set(distinct) == {1}),
        _told(
            "of those, unknown", _spread(unknown) or "0", "each at most once", holds=set(unknown) <= {0, 1}
        ),
    ]


def _at_most_once(answers: list[dict[str, Any]], plain: dict[str, str]) -> list[bool]:
    """Identical creates: what was acknowledged is there, and nothing but the unknown ones beside it."""
    ids = _all(answers, "identical_ids")
    there = sum(title == "identical" for title in plain.values())
    unknown = len(_all(answers, "identical_unknown"))
    return [
        _told(
            "identical creates without a mark",
            f"{len(ids)} acknowledged, {unknown} unknown, {there} there",
            "acknowledged <= there <= with the unknown",
            holds=len(ids) <= there <= len(ids) + unknown,
        ),
        _told(
            "a record for each acknowledged one",
            f"{len(set(ids) & plain.keys())}",
            str(len(ids)),
            holds=len(set(ids) & plain.keys()) == len(ids),
        ),
    ]


def _start(twin: LocalTwin, work: str, seconds: int, folder: str, **settings: str) -> list[Any]:
    """The processes, once all are at work, with the settings that an operator would give them."""
    workers = []
    for number in range(PROCESSES):
        environment = {
            "AIRTABLE_ENDPOINT_URL": twin.url,
            "AIRTABLE_API_KEY": TOKEN,
            "REDIS_URL": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379"),
            "DATA_DIR": f"{folder}/{number}",
            **settings,
        }
        command = [sys.executable, WORKER, work, f"p{number}", twin.base_id, str(seconds)]
        workers.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True))
    for worker in workers:
        worker.stdout.readline()
    return workers


def _answers(worker: Any) -> dict[str, Any]:
    output, _ = worker.communicate(timeout=900)
    answers: dict[str, Any] = json.loads(output)
    return answers


def _records(twin: LocalTwin, table: str) -> dict[str, str]:
    """The titles of all records by their ids, read as slowly as the limit wants it."""
    titles: dict[str, str] = {}
    offset = ""
    while True:
        time.sleep(0.5)
        path = f"/v0/{twin.base_id}/{twin.table_ids[table]}"
        page = twin.ask("GET", f"{path}?offset={offset}" if offset else path)
        titles |= {record["id"]: record["fields"].get("Title", "") for record in page["records"]}
        offset = page.get("offset", "")
        if not offset:
            return titles


def _all(answers: list[dict[str, Any]], kind: str) -> list[Any]:
    return [what for answer in answers for what in answer.get(kind, [])]


def _failures(answers: list[dict[str, Any]]) -> list[str]:
    return _all(answers, "failures")


def _spread(counts: list[int]) -> str:
    """How often which number of records was found: 120 of 1."""
    return ", ".join(f"{many} of {count}" for count, many in sorted(Counter(counts).items()))


def _told(what: str, measured: str, wanted: str, *, holds: bool) -> bool:
    print(f"{'holds' if holds else 'FAILS':6} {what}: {measured} (wanted {wanted})", flush=True)
    return holds


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
