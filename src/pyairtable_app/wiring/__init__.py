"""Which part is made of what: the one place that knows concrete adapters.

`Wiring` holds the parts of one process; `Stores` what processes share; `AirtableWay` how Airtable is
reached; `Agent` the chat role.
"""

from pyairtable_app.wiring.wiring import Wiring

__all__ = ["Wiring"]
