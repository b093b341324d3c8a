"""The commands of `pyairtable-mcp`, one file each: its arguments, and what it starts.

A command is loaded when it is named, and what it starts when it runs: a client starts `stdio` many times a
day, and waits for it.
"""

COMMANDS = (
    "serve",
    "stdio",
    "chat",
    "config",
    "doctor",
    "twin",
    "credentials",
    "migrate",
    "formula",
    "fields",
)
"""Every command, in the order of the help: a module of this package, whose `add` adds its arguments."""
