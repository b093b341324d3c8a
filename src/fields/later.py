"""Rules that bring heavy packages: named in the table, read when first asked."""

from collections.abc import Callable
from importlib import import_module
from typing import Any


def later(module: str, name: str) -> Callable[..., Any]:
    """The function `name` of `fields.<module>`, which is imported when the function is first called."""

    def call(*arguments: Any) -> Any:
        return getattr(import_module(f"fields.{module}"), name)(*arguments)

    return call
