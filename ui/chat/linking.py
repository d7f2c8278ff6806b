"""Vincular: channels filed under one more record."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from oficrm.chat import talk
from ui.context import Context
from ui.history.words import counted
from ui.link_dialog import LinkDialog


def link_channels(context: Context, channel_ids: Sequence[int], parent: QWidget) -> None:
    """Ask for the record; the channels hang on it too."""
    what = "este canal" if len(channel_ids) == 1 else counted(len(channel_ids), "canal", "canales")
    LinkDialog(context, talk.link, channel_ids, f"Mostrar {what} también en:", parent).open()
