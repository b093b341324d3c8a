"""Text and fields as they stand in a formula, so that no character of either can end it."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def text_literal(text: str) -> str:
    """A formula's string that evaluates to `text`."""
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


def field_reference(field_id: str) -> str:
    """A formula's reference to a field by its id: a name may hold braces, an id cannot."""
    return "{" + field_id + "}"
