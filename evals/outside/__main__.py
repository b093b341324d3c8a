"""The command `python -m evals.outside`: other people's tasks through our parts; what held, in numbers."""

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from evals.outside import tau2
from evals.outside.bfcl import data
from evals.outside.bfcl.arguments import coerced
from evals.outside.bfcl.declaring import declared, sent
from evals.outside.bfcl.replaying import replay, spoil
from evals.outside.loop import Loop, loop
from evals.outside.tally import Tally

_SPOILED = 20
"""So many tasks of a category are played wrong, to see that it is noticed."""


def main() -> int:
    """Print a line for each suite; 0 when all of it held."""
    parser = argparse.ArgumentParser(prog="python -m evals.outside", description=__doc__)
    parser.add_argument("--most", type=int, metavar="N", help="play the first N tasks of each category alone")
    return asyncio.run(_all(parser.parse_args().most))


async def _all(most: int | None) -> int:
    # Each task's calls are refused now and then, as it means them to be; that is no news.
    logging.disable(logging.WARNING)
    began = time.monotonic()
    held = []
    with tempfile.TemporaryDirectory(prefix="evals-") as folder:
        async with loop(Path(folder)) as playing:
            async for tally in _tallies(playing, Path(folder) / "tau2", most):
                print(tally, flush=True)
                held.append(tally.has_held)
    print(f"{time.monotonic() - began:.0f} seconds.")
    return 0 if all(held) else 1


async def _tallies(playing: Loop, folder: Path, most: int | None) -> AsyncIterator[Tally]:
    yield declared()
    yield await sent()
    yield coerced()
    for category in data.MULTI_TURN:
        yield await replay(playing, category, most=most)
        yield await spoil(playing, category, most=min(most or _SPOILED, _SPOILED))
    for tally in await tau2.replay(playing, folder, most=most):
        yield tally


if __name__ == "__main__":
    sys.exit(main())
