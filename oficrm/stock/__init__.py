"""Inventory: what moves goods, what is there of each product, and lots from purchase to client."""
