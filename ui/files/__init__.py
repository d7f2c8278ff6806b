"""Archivos on the screen: the files of a record, what is done with them, and how they come in and go out."""
