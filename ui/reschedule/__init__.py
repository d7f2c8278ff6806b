"""Cambiar fecha: one dialog that previews every row before anything is written."""
