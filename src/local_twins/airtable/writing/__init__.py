"""Changes that clients ask for: to records, and to tables and fields."""
