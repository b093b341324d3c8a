"""The command `python -m evals`: the tasks, played by the model of the environment or by the scripted one."""

import argparse
import asyncio
import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from evals.playing import Result, Start, play, settings_of
from evals.report import document, heading, row, total
from evals.task import Task, TaskRefused, script, tasks
from local_twins.gemini import Script, create_app
from local_twins.server import TwinServer
from pyairtable_app.errors import CannotStart

_NO_MODEL = (
    "There is no model to ask: set GEMINI_API_KEY, GEMINI_ENDPOINT_URL or MODEL_URL, or give --scripted to "
    "see the tasks played as they are written down."
)
_FAILED, _REFUSED = 1, 2


def main(arguments: Sequence[str] | None = None, env: Mapping[str, str] = os.environ) -> int:
    """Play the tasks; 0 when all passed, 1 when not, 2 when nothing could be played."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    try:
        return _run(asked, env)
    except (TaskRefused, CannotStart) as error:
        sys.stderr.write(f"{error}\n")
        return _REFUSED


def _run(asked: argparse.Namespace, env: Mapping[str, str]) -> int:
    chosen = tasks([name for name in asked.tasks.split(",") if name])
    with _model(chosen, env, is_scripted=asked.scripted) as model_env:
        model = settings_of(model_env, Path()).agent
        if not model.has_model:
            sys.stderr.write(f"{_NO_MODEL}\n")
            return _REFUSED
        with tempfile.TemporaryDirectory(prefix="evals-") as folder:
            start = Start(Path(folder) / "start")
            most = int(asked.dollars * 1_000_000)
            results = asyncio.run(play_all(chosen * asked.repeat, start, Path(folder), model_env, most))
    if asked.json:
        told = document(results, model=model.model, is_scripted=asked.scripted)
        asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    are_all = len(results) == len(chosen) * asked.repeat
    return 0 if are_all and all(result.has_passed for result in results) else _FAILED


async def play_all(
    chosen: Sequence[Task], start: Start, folder: Path, env: Mapping[str, str], most_micros: int
) -> list[Result]:
    """Play the tasks, print what comes of each, and stop when one has no money left to go on."""
    results: list[Result] = []
    print(heading())
    for place, task in enumerate(chosen):
        left = most_micros - sum(result.micros for result in results)
        results.append(await play(task, start, folder / str(place), env, most_micros=left))
        print(row(results[-1]), flush=True)
        if results[-1].was_stopped_by_money and left < task.options.get("budget_micros", most_micros + 1):
            print(_not_played(len(chosen) - len(results), most_micros))
            break
    print(total(results))
    return results


def _not_played(count: int, micros: int) -> str:
    tasks_were = "1 task was" if count == 1 else f"{count} tasks were"
    return f"The ${micros / 1_000_000:.2f} do not allow for more: {tasks_were} not played. Give --dollars."


@contextmanager
def _model(
    chosen: Sequence[Task], env: Mapping[str, str], *, is_scripted: bool
) -> Iterator[Mapping[str, str]]:
    """The environment of the model that is asked."""
    if not is_scripted:
        yield env
        return
    print("Scripted: the tokens are the local Gemini's estimate, the cost what they would cost.")
    with TwinServer(create_app(Script.of(script(chosen)))) as url:
        yield {"GEMINI_ENDPOINT_URL": url}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    parser.add_argument("--tasks", default="", metavar="NAME,NAME", help="these and no others")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="play each task so often")
    parser.add_argument("--dollars", type=float, default=1.0, help="spend no more than this; default 1")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report there, as JSON")
    parser.add_argument("--scripted", action="store_true", help="let the scripted model play")
    return parser


if __name__ == "__main__":
    sys.exit(main())
