"""One SQLite file: the bases, their records and the links between them."""
