"""The small office with a client's comments."""

from tests.support.desk import desk

__all__ = ["desk"]
