"""What becomes of values when a field changes its type."""
