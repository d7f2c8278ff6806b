"""A picture: chosen, pasted or dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QImageWriter,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QFileDialog, QFrame, QPushButton, QVBoxLayout, QWidget

from ui import icons, theme
from ui.widgets.editor import Editor

MAX_BYTES = 5 * 1024 * 1024
_KINDS = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPG"))
_FILTER = "Imágenes (*.png *.jpg *.jpeg)"


class _Preview(QFrame):
    """The picture, or where to drop one."""

    def __init__(self, owner: ImageEditor) -> None:
        super().__init__(owner)
        self._owner = owner
        self.image = QImage()
        theme.set_surface(self, "drop")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(96, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture cut to the frame, or an icon."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        room = self.rect().adjusted(2, 2, -2, -2)
        if self.image.isNull():
            size = theme.SPACE_XL
            icons.icon("image", "disabled").paint(
                painter, room.center().x() - size // 2, room.center().y() - size // 2, size, size
            )
            return
        ratio = self.devicePixelRatioF()
        scaled = self.image.scaled(
            QSize(round(room.width() * ratio), round(room.height() * ratio)),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        place = scaled.deviceIndependentSize().toSize()
        left, top = room.center().x() - place.width() // 2, room.center().y() - place.height() // 2
        clip = QPainterPath()
        clip.addRoundedRect(left, top, place.width(), place.height(), 4, 4)
        painter.setClipPath(clip)
        painter.drawImage(left, top, scaled)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste, delete, choose."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self._owner.paste()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._owner.remove()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._owner.choose()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose a file."""
        self._owner.choose()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures and picture files are welcome."""
        data = event.mimeData()
        if not self._owner.is_read_only() and (data.hasImage() or data.hasUrls()):
            theme.set_property(self, "over", "true")
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Gone again."""
        theme.set_property(self, "over", "false")

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        theme.set_property(self, "over", "false")
        self._owner.take(event.mimeData())
        event.acceptProposedAction()


class ImageEditor(Editor):
    """A PNG or JPG of at most 5 MB, as bytes; None when there is none. What is refused goes out by ``rejected``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: bytes | None = None
        self.preview = _Preview(self)
        self.choose_button = self._button("Elegir…", self.choose)
        self.paste_button = self._button("Pegar", self.paste)
        self.remove_button = self._button("Quitar", self.remove)
        buttons = QVBoxLayout()
        buttons.setSpacing(theme.SPACE_XS)
        for button in (self.choose_button, self.paste_button, self.remove_button):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        buttons.addStretch(1)
        row = self._row(self.preview, spacing=theme.SPACE_S)
        row.setStretch(0, 0)
        row.addLayout(buttons)
        row.addStretch(1)
        self._adopt(self.preview)
        self._show()

    def _button(self, text: str, run: object) -> QPushButton:
        button = QPushButton(text, self)
        theme.set_kind(button, "quiet")
        button.clicked.connect(run)
        return button

    def value(self) -> bytes | None:
        return self._data

    def set_value(self, value: bytes | None) -> None:
        self._data = bytes(value) if value else None
        self._show()

    def choose(self) -> None:
        """Ask for a file."""
        if self.is_read_only():
            return
        path, _filter = QFileDialog.getOpenFileName(self, "Elegir imagen", "", _FILTER)
        if path:
            self.load(Path(path))

    def load(self, path: Path) -> None:
        """Take a file, or say why not."""
        try:
            if path.stat().st_size > MAX_BYTES:
                self.rejected.emit("La imagen pasa de 5 MB. Elija otra más pequeña.")
                return
            self._offer(path.read_bytes())
        except OSError as error:
            self.rejected.emit(f"No se puede leer {path.name}: {error.strerror}.")

    def paste(self) -> None:
        """Take the picture on the clipboard, or say that there is none."""
        if not self.is_read_only():
            self.take(QGuiApplication.clipboard().mimeData())

    def take(self, data: QMimeData) -> None:
        """Take a picture or the first file of what was pasted or dropped."""
        files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if files:
            self.load(Path(files[0]))
            return
        image = QImage(data.imageData()) if data.hasImage() else QImage()
        if image.isNull():
            self.rejected.emit("No hay ninguna imagen que pegar.")
            return
        held = QByteArray()
        buffer = QBuffer(held)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, b"png").write(image)
        self._offer(bytes(held.data()))

    def remove(self) -> None:
        """Leave the record without a picture."""
        if self._data is not None and not self.is_read_only():
            self.set_value(None)
            self.changed.emit()

    def _offer(self, data: bytes) -> None:
        if len(data) > MAX_BYTES:
            self.rejected.emit("La imagen pasa de 5 MB. Elija otra más pequeña.")
        elif not any(data.startswith(magic) for magic, _name in _KINDS) or QImage.fromData(data).isNull():
            self.rejected.emit("No es una imagen PNG o JPG.")
        else:
            self.set_value(data)
            self.changed.emit()

    def _show(self) -> None:
        self.preview.image = QImage.fromData(self._data) if self._data else QImage()
        self.preview.setToolTip("" if self.is_read_only() else "Arrastre aquí una imagen o péguela con Ctrl+V")
        self.remove_button.setVisible(self._data is not None and not self.is_read_only())
        self.preview.update()

    def _lock(self, locked: bool) -> None:
        for button in (self.choose_button, self.paste_button):
            button.setVisible(not locked)
        self._show()
