"""Estimates begin with a rough rule and learn from what was counted."""

import pytest

from orchestrator.cost import Estimates, rough_tokens


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("äöü", 2)])
def test_four_bytes_are_a_token(text, tokens):
    assert rough_tokens(text) == tokens


def test_json_is_reckoned_as_it_is_sent():
    assert Estimates().tokens("m", [{"text": "abcd"}], "abcd") == rough_tokens('[{"text":"abcd"}]') + 1


def test_what_was_counted_moves_later_estimates_of_that_model_only():
    estimates = Estimates()
    for _ in range(30):
        estimates.learn("dense", estimated=estimates.tokens("dense", "x" * 400), counted=150)

    assert estimates.tokens("dense", "x" * 400) == pytest.approx(150, abs=2)
    assert estimates.tokens("other", "x" * 400) == 100


@pytest.mark.parametrize(("estimated", "counted"), [(0, 10), (10, 0), (-1, 5)])
def test_a_count_that_says_nothing_is_not_learnt(estimated, counted):
    estimates = Estimates()

    estimates.learn("m", estimated=estimated, counted=counted)

    assert estimates.tokens("m", "x" * 40) == 10


def test_one_absurd_count_does_not_move_far():
    estimates = Estimates()

    estimates.learn("m", estimated=1, counted=1_000_000)

    assert estimates.tokens("m", "x" * 400) <= 160
