"""Failures on purpose: what a client must live with, made to happen where a test wants it."""
