"""What a list remembers between sessions: its filter, order, columns, widths and view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from oficrm.lists import ListFilter
from ui.memory import Memory

if TYPE_CHECKING:
    from ui.lists.page import ListPage


class PageState:
    """The memory of one list. Related tabs have one for each link they hang by, without a filter."""

    def __init__(self, memory: Memory, table: str, fixed: Mapping[str, int]) -> None:
        self._memory = memory
        self._table = table
        self._key = f"list_{table}" if not fixed else f"tab_{'_'.join(sorted(fixed))}_{table}"
        kept = memory.get(self._key, {})
        self._kept: dict[str, Any] = kept if isinstance(kept, dict) else {}
        self._applied = False

    @property
    def columns(self) -> list[str]:
        """The columns shown last, in their order; empty for the declared ones."""
        return [str(name) for name in self._kept.get("columns", ())]

    def loads_at_open(self, default: bool) -> bool:
        """Whether the list loads by itself."""
        return bool(self._kept.get("at_open", default))

    def apply(self, page: ListPage) -> None:
        """Give the page back what it looked like."""
        kept = self._kept
        page.table.set_widths(kept.get("widths", {}))
        page.foot.wide_button.setChecked(bool(kept.get("wide")))
        if page.panel is not None:
            page.set_filter(ListFilter.from_json(self._table, kept.get("filter", {})))
            page.panel.set_open(not kept.get("folded"))
            if kept.get("more"):
                page.panel.show_more(True)
            page.saved.set_current(kept.get("view"))
            page.saved.at_open.setChecked(self.loads_at_open(page.loads_at_open()))
        self._applied = True

    def keep(self, page: ListPage) -> None:
        """Remember what the page looks like now."""
        if not self._applied:
            return
        kept: dict[str, Any] = {
            "columns": page.table.shown_names(), "widths": page.table.widths(), "wide": page.table.is_wide(),
        }  # fmt: skip
        if page.panel is not None:
            view = page.saved.current()
            kept |= {
                "filter": page.list_filter().to_json(), "folded": not page.panel.is_open(),
                "more": page.panel.is_more(), "view": view.id if view else None,
                "at_open": page.saved.at_open.isChecked(),
            }  # fmt: skip
        self._kept = kept
        self._memory.put(self._key, kept)
