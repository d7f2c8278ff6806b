"""The entry form of a contacto: what was said, what follows, and what else there is of the client beside it."""
