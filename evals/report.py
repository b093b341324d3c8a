"""What came of the tasks: a table for a person, and JSON for a machine."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from evals.playing import Result

_ROW = "{:<24} {:<7} {:>5} {:>9} {:>9} {:>7}"
_DOLLAR = 1_000_000


def heading() -> str:
    """The names of the columns."""
    return _ROW.format("task", "passed", "turns", "tokens", "cost", "seconds")


def row(result: Result) -> str:
    """The line of one task; what is wrong stands below it."""
    told = _ROW.format(
        result.task,
        "yes" if result.has_passed else "NO",
        result.steps,
        result.tokens,
        f"${result.micros / _DOLLAR:.4f}",
        f"{result.seconds:.1f}",
    )
    return "\n".join([told, *(f"    {fault}" for fault in result.faults)])


def total(results: Sequence[Result]) -> str:
    """The last line."""
    passed = sum(result.has_passed for result in results)
    tokens = sum(result.tokens for result in results)
    cost = sum(result.micros for result in results) / _DOLLAR
    seconds = sum(result.seconds for result in results)
    return f"{passed} of {len(results)} passed; {tokens:,} tokens, ${cost:.4f}, {seconds:.0f} seconds."


def document(results: Sequence[Result], *, model: str, is_scripted: bool) -> dict[str, Any]:
    """The report as JSON: money in micro-dollars, tokens by kind."""
    return {
        "model": "scripted" if is_scripted else model,
        "passed": sum(result.has_passed for result in results),
        "played": len(results),
        "micros": sum(result.micros for result in results),
        "results": [{**asdict(result), "passed": result.has_passed} for result in results],
    }
