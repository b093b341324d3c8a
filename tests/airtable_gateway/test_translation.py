"""Airtable's refusals as our errors: the cases stand in translation.txt."""

import json
from pathlib import Path

import pytest

from airtable_gateway import NotFound, TooManyRequests, WorkspaceNotFound
from airtable_gateway.transport.translation import Answer, Subject, seconds, translate

CASES = [
    [part.strip() for part in line.split(" |")]
    for line in Path(__file__).with_name("translation.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
SUBJECT = Subject("appX", "Orders", "recX")


@pytest.mark.parametrize(("status", "body", "kind", "said"), CASES)
def test_a_refusal_becomes_the_error_that_the_table_names(
    status: str, body: str, kind: str, said: str
) -> None:
    error = translate(Answer(int(status), body), SUBJECT)

    assert type(error).__name__ == kind
    assert error.status == int(status)
    assert error.message
    if said.startswith("name="):
        assert isinstance(error, NotFound)
        assert error.name == said.removeprefix("name=")
    elif said:
        assert error.message == said


@pytest.mark.parametrize("case", CASES)
def test_airtables_type_is_kept_and_something_helps(case: list[str]) -> None:
    status, body, kind, _ = case
    error = translate(Answer(int(status), body), SUBJECT)

    assert error.type == _type_in(body)
    assert error.hint or kind in {"BaseNotFound", "ViewNotFound", "InvalidRequest"}


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        (Subject("appX", "Orders", "recX"), "RecordNotFound"),
        (Subject("appX", "Orders"), "TableNotFound"),
        (Subject("appX"), "BaseNotFound"),
        (Subject(), "Unreachable"),
    ],
)
def test_a_path_that_leads_nowhere_is_blamed_on_its_last_name(subject: Subject, kind: str) -> None:
    error = translate(Answer(404, '{"error":"NOT_FOUND"}'), subject)

    assert type(error).__name__ == kind


def test_what_airtable_has_no_words_for_is_named() -> None:
    error = translate(Answer(404, '{"error":"NOT_FOUND"}'), SUBJECT)

    assert error.message == "There is no record 'recX'."


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, '{"error":{"type":"MODEL_ID_NOT_FOUND","message":"Workspace not found"}}'),
        (404, '{"error":"NOT_FOUND"}'),
        (403, '{"error":{"type":"INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND","message":"Invalid permissions"}}'),
    ],
)
def test_a_workspace_that_is_not_there_or_hidden_is_named(status: int, body: str) -> None:
    error = translate(Answer(status, body), Subject(workspace="wspX"))

    assert isinstance(error, WorkspaceNotFound)
    assert error.name == "wspX"
    assert error.type in body


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("2", 2),
        ("0", 0),
        ("1.5", 1.5),
        ("", 30),
        ("-1", 30),
        ("nan", 30),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 30),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_the_documented_thirty(header: str, wanted: float) -> None:
    assert seconds(header) == wanted


def test_a_429_says_how_long_to_wait() -> None:
    error = translate(Answer(429, '{"error":"RATE_LIMIT_REACHED"}', "7"), SUBJECT)

    assert isinstance(error, TooManyRequests)
    assert error.retry_after_seconds == 7
    assert error.hint == "Wait 7 seconds and call again."


def _type_in(body: str) -> str:
    if body.startswith("<"):
        return ""
    content = json.loads(body)
    inner = content["error"] if "error" in content else content["errors"][0]["error"]
    return str(inner["type"] if isinstance(inner, dict) else inner)
