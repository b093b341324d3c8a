"""Small values with a lifetime, and words passed between processes: never the truth, always a help.

`MemoryKeyValue` serves one process; `pyairtable_platform.kernel.keyvalue.redis` serves many.
"""

from pyairtable_platform.kernel.keyvalue.memory import MemoryKeyValue
from pyairtable_platform.kernel.keyvalue.port import KeyValue

__all__ = ["KeyValue", "MemoryKeyValue"]
