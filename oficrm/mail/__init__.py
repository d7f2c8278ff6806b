"""Mail as it comes from the real world: messages read from .eml and .msg, their text, their HTML made harmless."""
