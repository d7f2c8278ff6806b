"""Screens of filed messages: reading them safely, filing them, importing them."""
