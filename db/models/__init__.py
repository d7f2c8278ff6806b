"""One file per module. Everything a module needs is derived from the class in its file."""
