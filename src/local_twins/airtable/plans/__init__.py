"""Which fields are computed, from what, and in which order."""
