"""Lines of a client that are no messages."""

import json
from itertools import product
from typing import Any

import pytest
from mcp_types import JSONRPCNotification, jsonrpc_message_adapter
from pydantic import ValidationError
from pydantic_core import from_json

from pyairtable_app.messages import refusal, whole


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (r'"caf\u00e9 \ud83d\ude00"', "café 😀"),
        (r'"cut \ud83d"', "cut \ufffd"),
        (r'"cut \uD83D and \uDE00 on"', "cut \ufffd and \ufffd on"),
        (r'"\ud83d\ud83d\ude00"', "\ufffd😀"),
        (r'"a path \\ud83d\\x"', "a path \\ud83d\\x"),
        (r'"\\\ud83d"', "\\\ufffd"),
        (r'"\n\ude00"', "\n\ufffd"),
    ],
)
def test_half_of_a_character_becomes_the_sign_for_it(line, meant):
    assert json.loads(whole(line)) == meant


@pytest.mark.parametrize(
    "line",
    [
        '{"jsonrpc":"2.0","id":1,"method":"ping"}',
        '{"jsonrpc":"2.0","id":"a","method":"ping","params":{}}',
        '{"jsonrpc":"2.0","method":"notifications/initialized"}',
        '{"jsonrpc":"2.0","id":1,"result":{}}',
    ],
)
def test_a_message_is_not_refused(line):
    assert refusal(line) is None


@pytest.mark.parametrize(
    ("line", "id", "code", "said"),
    [
        ("hello", None, -32700, "The message is no JSON (Expecting value: line 1 column 1 (char 0)): hello"),
        ('{"jsonrpc":"2.0","id":2,"meth', None, -32700, "no JSON"),
        ("[" * 100_000 + "]" * 100_000, None, -32700, "nested too deeply"),
        ('[{"jsonrpc":"2.0","id":1,"method":"ping"}]', None, -32600, "no batches"),
        ("42", None, -32600, "A request has"),
        ('{"id":7,"method":"ping"}', 7, -32600, 'A request has jsonrpc "2.0"'),
        ('{"jsonrpc":"2.0","id":7}', 7, -32600, "a method"),
        ('{"jsonrpc":"2.0","id":"a","method":"ping","params":[1]}', "a", -32600, "params that are an object"),
        ('{"jsonrpc":"2.0","id":1.5,"method":"ping"}', None, -32600, "a whole number"),
        ('{"jsonrpc":"2.0","id":true,"method":"ping"}', None, -32600, "a whole number"),
    ],
)
def test_who_sends_no_message_is_told_what_is_wrong(line, id, code, said):
    answer = refusal(line)

    assert answer is not None
    assert (answer["id"], answer["error"]["code"]) == (id, code)
    assert said in answer["error"]["message"]


@pytest.mark.parametrize(
    "line",
    ['{"jsonrpc":"2.0","method":"x","params":[1]}', '{"jsonrpc":"1.0","id":1,"result":{}}', '{"error":1}'],
)
def test_a_notification_and_a_response_get_no_answer(line):
    assert refusal(line) == {}


ABSENT = object()
VALUES: dict[str, list[Any]] = {
    "jsonrpc": [ABSENT, "2.0", "1.0", 2.0, None],
    "id": [ABSENT, 1, -5, 10**30, 1.0, 1.5, True, None, "", "a", [], {}],
    "method": [ABSENT, "ping", "", 1, None],
    "params": [ABSENT, {}, {"a": [1]}, None, [], [1], "x", False],
    "result": [ABSENT, {}, {"a": 1}, None, "x"],
    "error": [ABSENT, {"code": 1, "message": "m"}, {"code": "1"}, None],
}
REQUEST = '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":%s}}'
TEXTS = [
    *(
        REQUEST % value
        for value in ("NaN", "Infinity", "-Infinity", "-0", "1e400", "01", ".5", "1.", "nan", "'x'")
    ),
    *(
        REQUEST % value
        for value in ('"\\ud83d"', '"\\x"', '"\n"', '"\0"', '"\\u0000"', '"\ufffd"', "[1,]", "/**/1", "")
    ),
    *(REQUEST % ("[" * depth + "]" * depth) for depth in (100, 190, 199, 200, 201, 250, 1000, 100_000)),
    *(REQUEST % ("1" * digits) for digits in (100, 4300, 4301, 5000)),
    REQUEST % "1" + "}",
    REQUEST % "1" + " \n",
    "\ufeff" + REQUEST % "1",
    (REQUEST % "1").replace('"id":1', '"id":' + "1" * 5000),
    (REQUEST % "1").replace('"id":1', '"id":1.5,"id":1'),
    (REQUEST % "1").replace('"id":1', '"id":1,"id":1.5'),
    (REQUEST % "1").replace('"id":1', '"\\u0069d":1.5'),
    (REQUEST % "1").replace('"id":1', '"ID":1'),
    (REQUEST % "1").replace('"jsonrpc":"2.0"', '"jsonrpc":"2.0","jsonrpc":"1.0"'),
    (REQUEST % "1").replace('"method":"ping"', '"method":"ping","more":[]'),
    '{"jsonrpc":"2.0","id":1.5,"method":"ping","params":{"a":%s}}' % ("1" * 5000),
    "",
    "null",
    "[]",
]


def is_message(line: str) -> bool:
    """Whether the SDK takes it for one, and for no notification when it has an id."""
    try:
        read = jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValidationError:
        return False
    return not (isinstance(read, JSONRPCNotification) and "id" in from_json(line))


def test_what_the_sdk_takes_for_a_message_is_one_whatever_is_in_it():
    made = (dict(zip(VALUES, values, strict=True)) for values in product(*VALUES.values()))
    lines = [
        json.dumps({name: value for name, value in each.items() if value is not ABSENT}) for each in made
    ]

    assert [line for line in lines if (refusal(line) is None) != is_message(line)] == []


@pytest.mark.parametrize("text", TEXTS)
def test_so_it_is_however_it_is_written(text):
    assert (refusal(text) is None) == is_message(text)
