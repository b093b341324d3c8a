"""Requests as values: what each one is about, how it is sent and read, and when it may be repeated."""
