"""The commands of `pyairtable-mcp`, one file each: its arguments, and what it starts.

What a command starts is imported when it runs: a client starts `stdio` many times a day.
"""

from collections.abc import Callable

from pyairtable_app.commands import (
    chat,
    config,
    credentials,
    doctor,
    fields,
    formula,
    migrate,
    serve,
    stdio,
    twin,
)
from pyairtable_app.commands.arguments import Subparsers

COMMANDS: tuple[Callable[[Subparsers], None], ...] = (
    serve.add,
    stdio.add,
    chat.add,
    config.add,
    doctor.add,
    twin.add,
    credentials.add,
    migrate.add,
    formula.add,
    fields.add,
)
"""What adds each command's arguments, in the order of the help."""
