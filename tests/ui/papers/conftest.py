"""Paper is tested over the small office, in windows that are shown."""

from tests.support.desk import desk

__all__ = ["desk"]
