"""Whole bases in and out, and the sample bases."""
