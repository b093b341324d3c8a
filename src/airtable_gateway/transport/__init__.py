"""One attempt at a request: threads, a connection, and answers or silence turned into values and errors."""
