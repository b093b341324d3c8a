"""A question in SQL: typed columns, one SELECT and nothing else, within its time, memory and size."""

import asyncio
import functools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from airtable_gateway import (
    FieldSchema,
    MirrorUnusable,
    QueryLimits,
    QueryRefused,
    QueryTooLarge,
    QueryTooSlow,
    Record,
    TableSchema,
)
from airtable_gateway.mirror import sql
from airtable_gateway.mirror.querying.answering import Answering, open_duckdb
from airtable_gateway.mirror.querying.asking import Asking
from airtable_gateway.mirror.querying.statement import Statement
from airtable_gateway.mirror.store import MirrorStore

ATTACKS = [
    tuple(part.strip() for part in line.rsplit(" | ", 1))
    for line in Path(__file__).with_name("attacks.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]

NUMBER_LOOKUP = {"result": {"type": "number"}}
THINGS = TableSchema(
    "tblThings00000001",
    "Things",
    "fld1",
    (
        FieldSchema("fld1", "Name", "singleLineText"),
        FieldSchema("fld2", "Amount", "number"),
        FieldSchema("fld3", "Done", "checkbox"),
        FieldSchema("fld4", "Due", "date"),
        FieldSchema("fld5", "Seen", "dateTime"),
        FieldSchema("fld6", "Tags", "multipleSelects"),
        FieldSchema("fld7", 'Odd "name"', "multipleRecordLinks"),
        FieldSchema("fld8", "Owner", "singleCollaborator"),
        FieldSchema("fld9", "Double", "formula", options={"result": {"type": "number"}}),
        FieldSchema("fldA", "Prices", "multipleLookupValues", options=NUMBER_LOOKUP),
        FieldSchema("fldB", "Files", "multipleAttachments"),
        FieldSchema("fldC", "Rank", "rating"),
        FieldSchema("fldD", "name", "singleLineText"),
    ),
)
ODD = TableSchema("tblOdd0000000001", 'A "table", odd; --', "fldZ", (FieldSchema("fldZ", "N", "autoNumber"),))
FILLED = {
    "Name": "Chair",
    "Amount": 12.5,
    "Done": True,
    "Due": "2026-11-25",
    "Seen": "2026-11-25T10:30:00.000Z",
    "Tags": ["red", "old"],
    'Odd "name"': ["recX"],
    "Owner": {"id": "usrA", "email": "ada@example.org", "name": "Ada"},
    "Double": 25,
    "Prices": [1, 2.5],
    "Files": [{"id": "attA", "url": "https://x/1", "filename": "a.png", "size": 3, "type": "image/png"}],
    "Rank": 4,
    "name": "second",
}
BROKEN = {"Name": "Broken", "Amount": {"specialValue": "NaN"}, "Double": {"error": "#ERROR!"}}


def _record(number: int, cells: dict[str, Any]) -> Record:
    return Record(f"rec{number:014}", "2026-01-02T03:04:05.000Z", cells)


async def _fill(store: MirrorStore) -> None:
    await store.open()
    await store.set_tables([THINGS, ODD], 1)
    await store.put(THINGS, [_record(1, FILLED), _record(2, BROKEN)], sweep=1, version=1)
    await store.put(ODD, [Record(f"recOdd{n:011}", "x", {"N": n}) for n in range(3)], sweep=1, version=1)
    await store.note(version="1", as_of="2026-11-25T10:00:00+00:00")


@pytest.fixture
async def store(tmp_path) -> AsyncIterator[MirrorStore]:
    """The file of a copy with two tables, which a test may change."""
    store = MirrorStore(tmp_path / "copy.db")
    await _fill(store)
    yield store
    await store.close()


@pytest.fixture(scope="module")
def answering(tmp_path_factory) -> Iterator[Answering]:
    """Answers from the same file for all tests, in this process."""
    path = tmp_path_factory.mktemp("copy") / "copy.db"

    async def fill() -> None:
        store = MirrorStore(path)
        await _fill(store)
        await store.close()

    asyncio.run(fill())
    with open_duckdb() as connection:
        yield Answering(path, connection)


def _asked(answering: Answering, statement: str, **limits: Any) -> list[Any]:
    answer = answering.answer(answering.prepare(statement), QueryLimits(**limits))
    return [list(row) for row in answer.rows]


@pytest.fixture
def ask(answering):
    """Asks; gives rows, or raises."""
    return functools.partial(_asked, answering)


@pytest.fixture
def ask_store(store, tmp_path):
    """The same of the file that a test may change."""
    with open_duckdb() as connection:
        yield functools.partial(_asked, Answering(tmp_path / "copy.db", connection))


@pytest.fixture
async def asking(store, tmp_path) -> AsyncIterator[Asking]:
    """Asks the process that a copy has for it."""
    asking = Asking(tmp_path / "copy.db")
    yield asking
    await asking.close()


def test_columns_have_the_types_of_their_fields(ask):
    [types] = ask("SELECT typeof(COLUMNS(*)) FROM Things WHERE Name = 'Chair'")

    person = 'STRUCT(id VARCHAR, email VARCHAR, "name" VARCHAR)'
    file = 'STRUCT(id VARCHAR, filename VARCHAR, "type" VARCHAR, size BIGINT)[]'
    plain = ["VARCHAR", "TIMESTAMP", "VARCHAR", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"]
    lists = ["VARCHAR[]", "VARCHAR[]", person, "DOUBLE", "DOUBLE[]", file, "BIGINT", "VARCHAR"]
    assert types == plain + lists


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("SELECT Amount * 2, Due + INTERVAL 1 DAY, Seen FROM Things WHERE Done",
         [[25.0, "2026-11-26T00:00:00", "2026-11-25T10:30:00"]]),
        ("SELECT unnest(Tags) AS tag FROM Things ORDER BY tag", [["old"], ["red"]]),
        ("SELECT Owner.name, list_sum(Prices), Files[1].filename, Rank FROM Things WHERE 'red' IN Tags",
         [["Ada", 3.5, "a.png", 4]]),
        ('SELECT "Odd ""name""" FROM things WHERE "Name" = \'Chair\'', [[["recX"]]]),
        ("SELECT Amount, Double, Done FROM Things WHERE Name = 'Broken'", [[None, None, False]]),
        ('SELECT "name fldD" FROM Things WHERE "name fldD" IS NOT NULL', [["second"]]),
        ('SELECT sum(N) FROM "A ""table"", odd; --"', [[3]]),
        ("SELECT _id, _created_time FROM Things LIMIT 1", [["rec00000000000001", "2026-01-02T03:04:05"]]),
        ("WITH Things AS (SELECT 1 AS one) SELECT one FROM Things", [[1]]),
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4) FROM n SELECT sum(i)",
         [[10]]),
        ("SELECT t.Name, r.range FROM Things t, range(1) r ORDER BY 1", [["Broken", 0], ["Chair", 0]]),
        ("FROM Things SELECT count(*)", [[2]]),
        ("SELECT Name FROM Things ORDER BY Name DESC LIMIT 1;", [["Chair"]]),
        ("SELECT 1e400 > 0, 1.5::DECIMAL(4, 2), 'a' || NULL", [[True, 1.5, None]]),
    ],
)  # fmt: skip
def test_a_select_is_answered(ask, statement, rows):
    assert ask(statement) == rows


def test_the_list_of_attacks_is_long_enough():
    assert len(ATTACKS) >= 30


@pytest.mark.parametrize(("statement", "words"), ATTACKS, ids=[statement for statement, _ in ATTACKS])
def test_everything_but_one_select_over_the_copy_is_refused(ask, statement, words):
    with pytest.raises(QueryRefused) as refused:
        ask(statement)

    assert words in f"{refused.value.message} {refused.value.hint}"
    assert ask("SELECT count(*) FROM Things") == [[2]]


_FROM_NOTHING = {"random", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "error", "stats", "vector_type"}
"""Functions that are more than their arguments, and tell of nothing but chance and of these."""


def test_every_function_that_is_more_than_its_arguments_is_refused_or_known(ask):
    with open_duckdb() as connection:
        volatile = connection.execute(
            "SELECT DISTINCT function_name FROM duckdb_functions() "
            "WHERE stability = 'VOLATILE' AND function_type = 'scalar'"
        ).fetchall()

    assert len(volatile) > len(_FROM_NOTHING)
    for (name,) in volatile:
        if name not in _FROM_NOTHING:
            with pytest.raises(QueryRefused, match="is not possible here"):
                ask(f"SELECT {sql.quoted(name)}()")


@pytest.mark.parametrize(
    "statement",
    [
        f"SELECT {'(' * 9_000}1{')' * 9_000}",
        f"SELECT * FROM {'(SELECT * FROM ' * 1_200}Things{')' * 1_200}",
        f"SELECT {'x' * 20_000}",
        "SELECT '\ud800'",
    ],
    ids=["expressions", "queries", "characters", "surrogate"],
)
async def test_a_statement_that_no_parser_should_meet_is_refused(asking, statement):
    with pytest.raises(QueryRefused):
        await asking.ask(statement, QueryLimits())


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY (SELECT 1) TO 'stolen.csv'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET temp_directory = '/tmp'",
        "SET allowed_paths = ['/etc/passwd']",
        "CREATE PERSISTENT SECRET s (TYPE s3)",
    ],
)
def test_what_got_past_the_check_would_meet_a_database_that_reaches_nothing(statement):
    import duckdb

    with open_duckdb() as connection, pytest.raises(duckdb.Error):
        connection.execute(statement)


def test_what_got_past_the_check_could_not_write(answering):
    answering.prepare("SELECT * FROM Things")

    with pytest.raises(QueryRefused, match="read-only"):
        answering.answer(Statement("DELETE FROM Things", frozenset()), QueryLimits())


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "SELECT count(*) FROM range(100000000000) a WHERE hash(a.range) = 8",
    ],
)
def test_a_question_without_end_is_stopped_in_time(ask, statement):
    with pytest.raises(QueryTooSlow, match="longer than"):
        ask(statement, seconds=0.2)

    assert ask("SELECT count(*) FROM Things") == [[2]]


async def test_a_function_that_heeds_no_interrupt_is_ended_with_its_process(asking):
    began = asyncio.get_running_loop().time()
    with pytest.raises((QueryTooSlow, QueryTooLarge)):
        await asking.ask("SELECT length(repeat('x', 2000000000))", QueryLimits(seconds=0.2))

    assert asyncio.get_running_loop().time() - began < 15
    assert (await asking.ask("SELECT count(*) FROM Things", QueryLimits())).rows == [[2]]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT len(range(1000000000))",
        "SELECT list(range || repeat('x', 2000)) FROM range(10000000)",
        "SELECT list_resize([1], 1000000000)",
        "WITH RECURSIVE n(s) AS (SELECT 'x' UNION ALL SELECT s || s FROM n) SELECT max(length(s)) FROM n",
    ],
)
async def test_a_question_for_too_much_memory_is_refused(asking, statement):
    with pytest.raises(QueryTooLarge):
        await asking.ask(statement, QueryLimits(seconds=20))

    assert (await asking.ask("SELECT count(*) FROM Things", QueryLimits())).rows == [[2]]


async def test_the_process_knows_nothing_of_the_environment(asking, monkeypatch):
    monkeypatch.setenv("AIRTABLE_API_KEY", "patSecret")
    await asking.ask("SELECT 1", QueryLimits())

    environment = Path(f"/proc/{asking.pid}/environ")
    if not environment.exists():
        pytest.skip("only Linux shows a process's environment")
    assert environment.read_bytes() == b""


def test_rows_and_characters_are_limited(ask, answering):
    many = answering.prepare("SELECT range FROM range(1000000)")
    wide = answering.prepare("SELECT repeat('x', 1000) FROM range(1000000)")

    by_rows = answering.answer(many, QueryLimits(rows=10))
    by_size = answering.answer(wide, QueryLimits(characters=10_000))

    assert (len(by_rows.rows), by_rows.is_cut) == (10, True)
    assert (len(by_size.rows), by_size.is_cut) == (9, True)
    with pytest.raises(QueryTooLarge, match="One row"):
        ask("SELECT repeat('x', 100000)", characters=10_000)


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("SELECT Nam FROM Things", '"Name"'),
        ("SELECT t.Amont FROM Things t", '"Amount"'),
        ("SELECT * FROM Thing", 'Nearest: "Things".'),
        ("SELECT * FROM Zebras", 'There are: "Things", "A ""table"", odd; --".'),
    ],
)
def test_a_refusal_names_what_there_is(ask, statement, hint):
    with pytest.raises(QueryRefused) as refused:
        ask(statement)

    assert hint in refused.value.hint


async def test_only_what_changed_is_loaded_again(store, ask_store):
    assert ask_store("SELECT count(*), sum(Amount) FROM Things") == [[2, 12.5]]
    await store.put(
        THINGS, [_record(1, FILLED | {"Amount": 1}), _record(3, {"Amount": 2})], sweep=1, version=2
    )
    await store.drop(["rec00000000000002"], 2)
    await store.note(version="2")

    assert ask_store("SELECT _id, Amount FROM Things ORDER BY 1") == [
        ["rec00000000000001", 1.0],
        ["rec00000000000003", 2.0],
    ]


async def test_a_table_that_changed_its_shape_is_loaded_anew(store, ask_store):
    ask_store("SELECT * FROM Things")
    renamed = TableSchema("tblThings00000001", "Goods", "fld1", (FieldSchema("fld2", "Price", "currency"),))
    await store.set_tables([renamed], 2)
    await store.note(version="2")

    assert ask_store("SELECT Price FROM Goods ORDER BY 1") == [[12.5], [None]]
    with pytest.raises(QueryRefused, match="no table 'Things'"):
        ask_store("SELECT * FROM Things")


async def test_a_copy_that_is_gone_is_said_to_be(tmp_path):
    asking = Asking(tmp_path / "nowhere.db")
    with pytest.raises(MirrorUnusable):
        await asking.ask("SELECT 1", QueryLimits())
    await asking.close()


async def test_a_question_that_is_given_up_leaves_no_process_at_work(asking):
    endless = "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c"
    await asking.ask("SELECT 1", QueryLimits())
    process = asking.pid
    question = asyncio.ensure_future(asking.ask(endless, QueryLimits(seconds=60)))
    await asyncio.sleep(0)
    question.cancel()
    await asyncio.gather(question, return_exceptions=True)

    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert (await asking.ask("SELECT 2", QueryLimits())).rows == [[2]]
