"""What every service shares: errors, a database, a key-value store, identity, logs; HTTP is `kernel.http`."""

from pyairtable_platform.kernel.database import Database, UnknownDatabase
from pyairtable_platform.kernel.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    ServiceError,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from pyairtable_platform.kernel.identity import (
    LOCAL,
    ApiKey,
    ApiKeys,
    Asking,
    Authenticator,
    LoopbackOnly,
    Principal,
)
from pyairtable_platform.kernel.keyvalue import KeyValue, MemoryKeyValue
from pyairtable_platform.kernel.migrating import Migrations, NotMigrated

__all__ = [
    # Keeping
    "Database",
    "UnknownDatabase",
    "Migrations",
    "NotMigrated",
    "KeyValue",
    "MemoryKeyValue",
    # Who asks
    "Principal",
    "LOCAL",
    "Asking",
    "Authenticator",
    "ApiKey",
    "ApiKeys",
    "LoopbackOnly",
    # Errors
    "ServiceError",
    "BadRequest",
    "Unauthenticated",
    "Forbidden",
    "NotFound",
    "Conflict",
    "TooLarge",
    "Invalid",
    "TooMany",
    "Unavailable",
]
