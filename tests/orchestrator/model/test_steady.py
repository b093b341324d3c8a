"""A model is asked again where that is of use: before the first word, as often as told, within its time."""

import pytest

from orchestrator.errors import ModelBusy, ModelError, ModelUnreachable, RequestInvalid, SignatureMissing
from orchestrator.model.steady import ATTEMPTS, FAILURES, SteadyModel

BUSY = {"status": 503}


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def steady(pauses):
    """The served model, asked again; pauses are noted and not made."""

    async def sleep(seconds):
        pauses.append(seconds)

    def wrap(served, chance=1.0, **options):
        return SteadyModel(served.model, sleep=sleep, chance=lambda: chance, **options)

    return wrap


async def test_failures_before_the_first_word_are_not_seen(gemini, steady, pauses):
    served = gemini({"say": "Yes.", "faults": [BUSY, {"drop": 0}, {"status": 500}]})

    pieces, reply = await served.ask(through=steady(served))

    assert [piece.text for piece in pieces] == ["Yes."]
    assert reply.text == "Yes."
    # 1, 2 and 4 seconds at most, and half of that at least.
    assert pauses == [1.0, 2.0, 4.0]


async def test_pauses_are_spread(gemini, steady, pauses):
    served = gemini({"say": "Yes.", "faults": [BUSY]})

    await served.ask(through=steady(served, chance=0.0))

    assert pauses == [0.5]


async def test_the_service_says_how_long_to_wait(gemini, steady, pauses):
    served = gemini({"say": "Yes.", "faults": [{"status": 429, "retry_delay": "7s"}]})

    await served.ask(through=steady(served, chance=0.0))

    assert pauses == [7.0]


async def test_a_wait_beyond_the_time_that_is_left_is_not_begun(gemini, steady, pauses):
    served = gemini({"say": "Yes.", "faults": [{"status": 429, "retry_delay": "70s"}]})

    with pytest.raises(ModelBusy) as caught:
        await served.ask(through=steady(served), timeout_seconds=60.0)

    assert caught.value.retry_after_seconds == 70.0
    assert pauses == []


async def test_after_the_first_word_nothing_is_asked_again(gemini, steady):
    served = gemini({"say": ["It ", "is"], "faults": [{"drop": 1}]})

    with pytest.raises(ModelUnreachable):
        await served.ask(through=steady(served))

    assert len(served.sent) == 1


async def test_attempts_come_to_an_end(gemini, steady):
    served = gemini({"say": "Yes.", "faults": [{"status": 429}] * 9})

    with pytest.raises(ModelBusy):
        await served.ask(through=steady(served))

    assert len(served.sent) == ATTEMPTS


async def test_what_will_be_refused_again_is_asked_once(gemini, steady):
    served = gemini({"say": "Yes.", "faults": [{"status": 400}, {"status": 400}]})

    with pytest.raises(RequestInvalid):
        await served.ask(through=steady(served))

    assert len(served.sent) == 1


@pytest.mark.parametrize("signature", ["", "Zm9yZWlnbg=="])
async def test_a_history_that_others_signed_is_sent_once_more_without_signatures(gemini, steady, signature):
    served = gemini({"call": [{"name": "look"}]}, {"say": "Done."})
    call = {"functionCall": {"name": "look", "args": {}}}
    history = [
        {"role": "user", "parts": [{"text": "Hello"}]},
        {"role": "model", "parts": [call | ({"thoughtSignature": signature} if signature else {})]},
        {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {}}}]},
    ]

    _, reply = await served.ask(through=steady(served), contents=history)

    assert reply.text == "Done."
    assert len(served.sent) == 2


async def test_a_missing_signature_by_finish_reason_is_answered_once(gemini, steady):
    served = gemini({"finish": "MISSING_THOUGHT_SIGNATURE"})

    with pytest.raises(SignatureMissing):
        await served.ask(through=steady(served))

    assert len(served.sent) == 2


async def ask_in_vain(served, model, times):
    for _ in range(times):
        with pytest.raises(ModelError):
            await served.ask(through=model)


async def test_a_model_that_fails_on_and_on_is_left_alone(gemini, steady):
    served = gemini({"say": "Yes.", "faults": [{"drop": 0}] * 99})
    model = steady(served)
    await ask_in_vain(served, model, 2)
    before = len(served.sent)

    with pytest.raises(ModelUnreachable, match="left alone"):
        await served.ask(through=model)

    assert before == FAILURES
    assert len(served.sent) == before


async def test_a_model_that_was_left_alone_is_tried_again(gemini, steady):
    served = gemini({"say": "Yes.", "faults": [{"drop": 0}] * FAILURES})
    model = steady(served, rest_seconds=0.0)
    await ask_in_vain(served, model, 1)

    _, reply = await served.ask(through=model)

    assert reply.text == "Yes."


async def test_models_are_left_alone_one_by_one(gemini, steady):
    served = gemini({"say": "Yes.", "faults": [{"drop": 0}] * FAILURES})
    model = steady(served)
    await ask_in_vain(served, model, 2)

    _, reply = await served.ask(through=model, name="gemini-3.5-flash")

    assert reply.text == "Yes."


async def test_a_service_with_too_much_to_do_is_in_order(gemini, steady):
    served = gemini({"say": "Yes.", "faults": [{"status": 429, "retry_delay": "1s"}] * (2 * ATTEMPTS)})
    model = steady(served)
    await ask_in_vain(served, model, 2)

    _, reply = await served.ask(through=model)

    assert reply.text == "Yes."
