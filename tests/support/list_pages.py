"""What tests of list pages read from the screen."""

from PySide6.QtWidgets import QWidget


def texts(page, column):
    """What a column shows, from top to bottom, once all rows are here."""
    place = page.model.column_named(column)
    return [page.model.index(row, place).data() for row in range(page.model.rowCount())]


def child(page, name):
    """The one widget of this name."""
    found = page.findChildren(QWidget, name)
    assert len(found) == 1, f"{len(found)} widgets called {name}"
    return found[0]
