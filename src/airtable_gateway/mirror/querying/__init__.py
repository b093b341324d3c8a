"""Questions to a copy in SQL, answered by DuckDB in a process of its own.

`asking` stands on our side; the other side is `worker`, which checks the `statement`, loads the `tables` that
it names, and answers. DuckDB's own documentation calls its settings no substitute for a process with fewer
rights ("Securing DuckDB"): some functions neither heed an interrupt nor count their memory.
"""
