"""Where the parts of a list page stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from ui.lists.page import ListPage


def lay_out(page: ListPage) -> None:
    """Filter on top, then tools and quick buttons, what is asked, the rows, and the foot."""
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    if page.panel is not None:
        page.panel.head.addWidget(page.saved)
        column.addWidget(page.panel)
    else:
        page.saved.hide()
    column.addWidget(_tools(page))
    asking = QHBoxLayout()
    asking.setContentsMargins(theme.SPACE_M, 0, theme.SPACE_M, 0)
    asking.addWidget(page.bar)
    column.addLayout(asking)
    column.addWidget(page.busy)
    body = QHBoxLayout()
    body.setContentsMargins(theme.SPACE_M, 1, theme.SPACE_M, 0)
    if page.companion is None:
        body.addWidget(page.stack)
    else:
        column.insertWidget(column.indexOf(page.busy), page.companion.above)
        body.addWidget(page.companion.body(page.stack))
    column.addLayout(body, 1)
    page.foot.add_before_view(page.actions_.output_buttons(page.foot))
    column.addWidget(page.foot)


def _tools(page: ListPage) -> QWidget:
    """The actions, going on in a second line where there is no room, and the quick buttons at the right."""
    box = QWidget(page)
    box.setObjectName("toolbar")
    flow = FlowLayout(box, spacing=2)
    flow.setContentsMargins(theme.SPACE_S, theme.SPACE_XS, theme.SPACE_M, theme.SPACE_XS)
    for button in page.actions_.buttons(box, compact=page.compact):
        flow.addWidget(button)
    right = QWidget(box)
    row = QHBoxLayout(right)
    row.setContentsMargins(0, 0, 0, 0)
    row.addStretch(1)
    row.addWidget(page.quick_buttons)
    if page.companion is not None:
        row.addWidget(page.companion.corner)
    right.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    flow.addWidget(right)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    box.setSizePolicy(policy)
    return box
