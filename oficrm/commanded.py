"""Which modules bring commands of their own."""

from oficrm.commands import Command

OWN: dict[str, tuple[Command, ...]] = {}
