"""A demo for the first minute without a key: plain rules that understand a handful of requests."""

from local_twins.gemini.demo.model import NOTICE, DemoModel

__all__ = ["DemoModel", "NOTICE"]
