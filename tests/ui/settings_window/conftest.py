"""Windows over a small office."""

from tests.support.desk import desk

__all__ = ["desk"]
