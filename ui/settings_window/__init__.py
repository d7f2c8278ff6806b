"""Parámetros: the company, its numbers and its own fields."""
