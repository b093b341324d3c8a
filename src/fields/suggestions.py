"""Suggestions that were tried: what a problem offers instead of a value is taken by the rule that refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from fields.problems import OPTIONS, Path, Problem, Refusal

Rule = Callable[[Any], Any]

_MOST_TRIED = 20  # a list of thousands with one mistake each is not mended member by member


def tried(problems: Sequence[Problem], value: Any, rule: Rule) -> tuple[Problem, ...]:
    """The problems, without the suggestions that `rule` refuses when they stand in the value's place.

    A suggestion for the whole value comes in its normal form. All suggestions for parts stand together.
    """
    return tuple(_of_the_whole(problem, rule) for problem in _of_parts(problems, value, rule))


def _of_the_whole(problem: Problem, rule: Rule) -> Problem:
    if problem.path or problem.suggestion is None:
        return problem
    try:
        normal = rule(problem.suggestion)
    except Refusal:
        return replace(problem, suggestion=None)
    # An unticked checkbox is a value to suggest, and empty in its normal form.
    return problem if normal is None else replace(problem, suggestion=normal)


def _of_parts(problems: Sequence[Problem], value: Any, rule: Rule) -> Sequence[Problem]:
    offered = [problem for problem in problems if _is_offer(problem)]
    if not offered:
        return problems
    wrong = {problem.path for problem in problems} - {problem.path for problem in offered}
    still = _refused(_mended(value, offered[:_MOST_TRIED]), rule) - wrong
    kept = {problem.path for problem in offered[:_MOST_TRIED]} if not still - _paths(offered) else set()
    return [
        replace(problem, suggestion=None)
        if _is_offer(problem) and (problem.path not in kept or problem.path in still)
        else problem
        for problem in problems
    ]


def _is_offer(problem: Problem) -> bool:
    """Whether something is suggested for a part of the value, which an option is not."""
    return problem.suggestion is not None and bool(problem.path) and problem.path[0] != OPTIONS


def _paths(problems: Sequence[Problem]) -> set[Path]:
    return {problem.path for problem in problems}


def _refused(value: Any, rule: Rule) -> set[Path]:
    try:
        rule(value)
    except Refusal as refusal:
        return _paths(refusal.problems)
    return set()


def _mended(value: Any, offered: Sequence[Problem]) -> Any:
    for problem in offered:
        value = _with(value, problem.path, problem.suggestion)
    return value


def _with(value: Any, path: Path, member: Any) -> Any:
    """The value with another member at the path; as it is where the path leads nowhere."""
    if not path:
        return member
    step, *rest = path
    match value:
        case Mapping() if step in value:
            return {**value, step: _with(value[step], tuple(rest), member)}
        case list() | tuple() if isinstance(step, int) and step < len(value):
            return [*value[:step], _with(value[step], tuple(rest), member), *value[step + 1 :]]
    return value
