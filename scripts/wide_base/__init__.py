"""A wide base with planted faults, made from a seed."""

from wide_base.faults import make

__all__ = ["make"]
