"""``form_document_template``: a template written beside its pages, tried on the newest record of its module."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, QTimer, Signal

from oficrm import settings
from oficrm.papers import making, templates
from oficrm.papers.making import Paper, Sample
from oficrm.papers.places import places
from oficrm.papers.problem import TemplateProblem
from ui.context import Context
from ui.forms.general_tab import GeneralTab
from ui.forms.record_window import RecordWindow
from ui.papers.tab import TemplateTab

SIZE = QSize(1240, 700)
PREVIEW_MS = 300
"""One writes on for so long before the pages follow."""
FIRST = "quote"


class TemplateWindow(RecordWindow):
    """The record window of a template. ``previewed`` when the pages, or what is wrong, are on the screen."""

    tab: TemplateTab
    previewed = Signal()

    def __init__(self, context: Context, ident: int | None = None, **options: Any) -> None:
        self.sample: Sample | None = None
        self._table = ""
        self._is_previewed = False
        if ident is None and options.get("restore") is None:
            given = options.get("preset") or {}
            table = str(given.get("printed") or FIRST)
            options["preset"] = {"body": templates.original(table), "foot": templates.FOOT} | given
        super().__init__(context, "document_template", ident, **options)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PREVIEW_MS)
        self._timer.timeout.connect(self.refresh)
        self.tab.places.inserted.connect(self.tab.code.insert)
        self.tab.restore.clicked.connect(lambda _on=False: self.restore_original())

    def _make_general(self) -> GeneralTab:
        self.tab = TemplateTab(self.form, self)
        return self.tab

    def _first_size(self) -> QSize:
        return SIZE

    def _fit(self) -> None:
        """Text and pages take what room there is."""

    def is_ready(self) -> bool:
        """True once the template and its pages are shown."""
        return super().is_ready() and self._is_previewed

    # --- what is shown

    def _show_record(self) -> None:
        super()._show_record()
        self._table = ""
        self._follow_module()

    def _set_mode(self, read_only: bool) -> None:
        super()._set_mode(read_only)
        self.tab.restore.setVisible(not read_only)

    def _edited(self, name: str) -> None:
        super()._edited(name)
        if name == "printed":
            self._follow_module()
        elif name in ("body", "foot"):
            self._timer.start()

    def _follow_module(self) -> None:
        """Another module has other data; a text that is still the original of the one before becomes its own."""
        before, table = self._table, str(self.form.value("printed") or "")
        if not templates.prints(table) or table == before:
            return
        self._table = table
        if before and self.form.value("body") == _as_shown(templates.original(before)):
            self.tab.code.replace_all(templates.original(table))
        self.context.bridge.read(
            lambda s: making.sample(s, table), self._show_sample, self, failed=self.form.saving.report,
            purpose="sample", slow=True,
        )  # fmt: skip

    def _show_sample(self, sample: Sample) -> None:
        self.sample = sample
        self.tab.places.show_places(places(sample.facts))
        self.refresh()

    def refresh(self) -> None:
        """Fill the template as it stands and show its pages, or what is wrong with it."""
        self._timer.stop()
        sample, table = self.sample, self._table
        if sample is None:
            return
        body, foot = str(self.form.value("body") or ""), str(self.form.value("foot") or "")
        self.context.bridge.read(
            lambda s: making.compose(body, foot, sample.facts, table, settings.read(s)), self._show_paper, self,
            failed=self._not_filled, purpose="preview", slow=True,
        )  # fmt: skip

    def _show_paper(self, paper: Paper) -> None:
        self.tab.code.set_error(None)
        self.tab.preview.show_paper(paper)
        assert self.sample is not None
        pages = self.tab.preview.sheets.pages
        on = f"con «{self.sample.name}»" if self.sample.name else "con datos inventados: todavía no hay ninguno"
        self.tab.caption.setText(f"{on} · {pages} {'página' if pages == 1 else 'páginas'}")
        self._shown()

    def _not_filled(self, error: Exception) -> None:
        if isinstance(error, TemplateProblem):
            self.tab.code.set_error(str(error))
        else:
            self.form.saving.report(error)
        self._shown()

    def _shown(self) -> None:
        self._is_previewed = True
        self.previewed.emit()

    def restore_original(self) -> None:
        """Put the program's own template in place of the text; Ctrl+Z brings it back."""
        self.tab.code.replace_all(templates.original(self._table))
        if self.form.value("foot") != templates.FOOT:
            self.form.put("foot", templates.FOOT)
        self.tab.code.focus()


def _as_shown(text: str) -> str | None:
    return text if text.strip() else None
