"""Vincular: messages filed under one more record."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from oficrm.mail import filing
from ui.context import Context
from ui.history.words import counted
from ui.link_dialog import LinkDialog


def link_emails(context: Context, email_ids: Sequence[int], parent: QWidget) -> None:
    """Ask for the record; the messages hang on it too."""
    what = "este correo" if len(email_ids) == 1 else counted(len(email_ids), "correo", "correos")
    LinkDialog(context, filing.link, email_ids, f"Archivar también {what} en:", parent).open()
