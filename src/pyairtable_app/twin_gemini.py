"""The command `twin gemini`: a scripted Gemini alone, for tests and for trying a client without a key."""

from dataclasses import dataclass
from pathlib import Path

from local_twins.dropping import DroppingProtocol
from local_twins.gemini import Script, ScriptRefused, create_app
from pyairtable_app.errors import CannotOpenData, CannotServe
from pyairtable_app.serving import serve_app
from pyairtable_app.settings import LOOPBACK


@dataclass(frozen=True, slots=True)
class GeminiOptions:
    """What the command was asked for; without `keys` any key is let in."""

    script: Path
    host: str
    port: int
    keys: tuple[str, ...]


def run(options: GeminiOptions) -> None:
    """Serve until told to stop. Raises CannotStart."""
    if not options.keys and options.host not in LOOPBACK:
        raise CannotServe(f"--host {options.host} would let any key of any machine in: give --key KEY.")
    try:
        script = Script.load(options.script)
    except ScriptRefused as error:
        raise CannotOpenData(f"--script {error}") from error
    serve_app(
        create_app(script, keys=options.keys),
        options.host,
        options.port,
        lambda url: f"A scripted Gemini is served at {url}; set GEMINI_ENDPOINT_URL={url}",
        protocol=DroppingProtocol,
    )
