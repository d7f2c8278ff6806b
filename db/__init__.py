"""Storage: declarations, tables, history, queries, migrations. Knows neither Qt nor the business layer."""
