"""Histórico of a record, and what was done of late."""
