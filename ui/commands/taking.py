"""Files for a record of a list: its window opens at its files and asks for them there, where it says how it went."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ui.context import Context


def choose_files(context: Context, table: str, ident: int) -> None:
    """Open a record and ask for files to be taken in under it."""
    from ui.forms.record_window import RecordWindow

    window = context.opener.open_record(table, ident)
    if not isinstance(window, RecordWindow):
        return
    if window.is_ready():
        window.files.choose()
    else:
        once = Qt.ConnectionType.SingleShotConnection
        window.form.loaded.connect(window.files.choose, once)
