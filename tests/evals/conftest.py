import pytest

from evals.playing import Start, play
from evals.task import script, tasks
from local_twins.gemini import Script, create_app
from local_twins.server import TwinServer


@pytest.fixture(scope="session")
def start(tmp_path_factory):
    """The sample bases, loaded once."""
    return Start(tmp_path_factory.mktemp("evals") / "start")


@pytest.fixture(scope="session")
def scripted():
    """The environment of a local Gemini that plays every task as it is written down."""
    with TwinServer(create_app(Script.of(script(tasks())))) as url:
        yield {"GEMINI_ENDPOINT_URL": url}


@pytest.fixture(scope="session")
def played():
    """What came of each task that was played, by its name."""
    return {}


@pytest.fixture
def play_once(start, scripted, played, tmp_path):
    """Plays a task with the scripted model, once a session."""

    async def once(task):
        if task.name not in played:
            played[task.name] = await play(task, start, tmp_path / task.name, scripted)
        return played[task.name]

    return once
