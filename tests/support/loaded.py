"""Loads what a process that works on a database needs; the processes of ``processes.at_once`` are forked after it."""

from db import registry
from oficrm import commands, jobs

registry.modules()
commands.commands("invoice")

__all__ = ["jobs"]
