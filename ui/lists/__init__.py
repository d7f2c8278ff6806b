"""The generic list of any module: filter panel, table, actions, export and print."""
