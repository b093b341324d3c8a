"""Why a command cannot start.

CannotStart
├── SettingError      a variable's value cannot be used
├── UnknownRole       no such role
├── CannotServe       the address, or serving there without a key
└── CannotOpenData    the data folder, or a file that was named, cannot be used
"""


class CannotStart(Exception):
    """A command cannot start; the message says what to change."""


class SettingError(CannotStart):
    """A variable has a value that cannot be used; the message names both and what is allowed."""


class UnknownRole(CannotStart):
    """There is no such role."""


class CannotServe(CannotStart):
    """The server cannot be started at this address."""


class CannotOpenData(CannotStart):
    """The data folder, or a file that was named, cannot be used."""
