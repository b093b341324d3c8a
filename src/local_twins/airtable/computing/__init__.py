"""Computed cells kept up to date within the change that touches them."""
