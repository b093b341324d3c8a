"""Lines of a client that are no messages."""

import json

import pytest

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
