"""Files dragged out of the program: what is dropped elsewhere is a copy, which has to be made first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QSize, Qt, QUrl
from PySide6.QtGui import QDrag, QGuiApplication

from oficrm.errors import EnvironmentProblem, Refused
from oficrm.files import keeping
from oficrm.files.keeping import FileFacts
from oficrm.rules import sizes
from ui import icons
from ui.files import copies
from ui.files.copies import Copy
from ui.files.desk import desk_of

if TYPE_CHECKING:
    from ui.files.part import FilesPart

MOST = 100_000_000
"""Bytes that are copied while somebody holds the button of the mouse."""
_ICON = 32


def drag_out(part: FilesPart, ids: Sequence[int]) -> None:
    """Make copies of files; when they are there and the button is still held, they hang on the pointer."""
    wanted = tuple(ids)
    folder = desk_of(part.page.context).folder

    def job(session: Any) -> list[Copy]:
        found = [keeping.facts(session, ident) for ident in wanted]
        _check(found)
        return [copies.make(session, facts, folder)[0] for facts in found]

    def failed(error: Exception) -> None:
        if isinstance(error, Refused | EnvironmentProblem):
            part.bar.say(str(error), good=False)
        else:
            part.page.context.bridge.failed.emit(error, repr(error))

    if wanted:
        part.page.context.bridge.read(job, lambda made: _drag(part, made), part, failed=failed, slow=True)


def _check(found: Sequence[FileFacts]) -> None:
    size = sum(facts.size for facts in found)
    if size > MOST:
        raise Refused(f"Son {sizes.format_size(size)}: use «Guardar como…» para sacar tanto.")


def urls_of(made: Sequence[Copy]) -> QMimeData:
    """Copies as other programs take files."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(copy.path)) for copy in made])
    return data


def _drag(part: FilesPart, made: list[Copy]) -> None:
    """The copies go at the end of the program: whoever took them may still be reading."""
    if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
        for copy in made:
            desk_of(part.page.context).drop(copy)
        return
    drag = QDrag(part.page.table)
    drag.setMimeData(urls_of(made))
    name = "files" if len(made) > 1 else "document"
    drag.setPixmap(icons.icon(name, "accent").pixmap(QSize(_ICON, _ICON)))
    drag.exec(Qt.DropAction.CopyAction)
