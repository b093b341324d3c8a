"""What a model says as text that can be kept and sent: no half of a surrogate pair is any."""

from typing import Any


def whole(value: Any) -> Any:
    """The JSON value with a question mark for each half of a pair, which JSON can hold and UTF-8 cannot."""
    match value:
        case str():
            return value if value.isascii() else value.encode("utf-8", "replace").decode()
        case dict():
            return {whole(name): whole(item) for name, item in value.items()}
        case list():
            return [whole(item) for item in value]
        case _:
            return value
