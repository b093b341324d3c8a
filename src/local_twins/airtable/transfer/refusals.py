"""Why an import is refused."""


class ImportRefused(Exception):
    """The document cannot be taken in; nothing was changed. `ids` are those that exist already."""

    def __init__(self, message: str, ids: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.ids = ids
