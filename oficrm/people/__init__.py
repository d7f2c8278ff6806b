"""Clients and persons: their places, how they hang together, and how prospects become some of them."""
