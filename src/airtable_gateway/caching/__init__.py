"""Answers kept for a moment: read once for many, forgotten when something changes."""
