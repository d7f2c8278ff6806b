"""Pure rules: parsing, formatting and planning. No database, no Qt, no clock of their own unless a function says so."""
