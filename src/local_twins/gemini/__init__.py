"""A local Gemini: the generative language API's wire format, answered from a script instead of a model.

`Script` says what is answered; `create_app` serves any `Model` over HTTP. `docs/gemini-twin.md` tells the
script's format.
"""

from local_twins.gemini.app import create_app
from local_twins.gemini.errors import ScriptRefused
from local_twins.gemini.prompt import Prompt
from local_twins.gemini.script import Model, Script
from local_twins.gemini.turn import Call, Fault, Turn

__all__ = [
    # Serving
    "create_app",
    # What is answered
    "Model",
    "Script",
    "ScriptRefused",
    "Prompt",
    "Turn",
    "Call",
    "Fault",
]
