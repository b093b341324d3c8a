"""The formula engine and the field types over HTTP, for programs that are not written in Python."""

from pyairtable_platform.language.app import create_app

__all__ = ["create_app"]
