"""Windows of every module are tested over the small office."""

from tests.support.desk import desk

__all__ = ["desk"]
