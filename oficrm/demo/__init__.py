"""Example data: believable companies, people, products and a year of contacts, the same for the same seed."""
