"""What the themes of the gateway have in common."""

from airtable_gateway.naming.desk import Desk


class Themed:
    """One theme of the gateway's methods, which go through a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
