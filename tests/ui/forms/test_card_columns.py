"""Cards side by side: as many columns as fit, nothing lost when the window changes its width."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from ui.forms.card_columns import CardColumns
from ui.widgets.field_row import Card


@pytest.fixture
def cards(qtbot: QtBot) -> Iterator[CardColumns]:
    area = QScrollArea()
    area.setWidgetResizable(True)
    made = CardColumns()
    for place, weight in enumerate((3, 2, 4, 1, 2)):
        card = Card(f"Tarjeta {place}", made)
        card.setMinimumHeight(60)
        made.add(card, weight, wide=place == 3)
    area.setWidget(made)
    area.resize(1200, 700)
    qtbot.addWidget(area)
    area.show()
    qtbot.waitExposed(area)
    made.show_rest()
    qtbot.waitUntil(made.is_whole)
    yield made
    area.close()


def places(cards: CardColumns) -> list[tuple[int, int]]:
    found = sorted(cards.findChildren(Card), key=lambda card: card.accessibleName())
    assert all(card.isVisible() for card in found)
    return [(card.x(), card.y()) for card in found]


def test_a_wide_window_has_two_columns_and_a_wide_card_all_of_it(qtbot: QtBot, cards: CardColumns) -> None:
    assert cards.columns() == 2
    first, second, third, wide, last = places(cards)
    assert first[1] == second[1]
    assert second[0] == third[0] > first[0]
    assert wide[1] > third[1]
    assert wide[0] == first[0]
    assert last[1] > wide[1]


def test_narrow_and_wide_again(qtbot: QtBot, cards: CardColumns) -> None:
    before = places(cards)
    window = cards.window()
    window.resize(600, 700)
    qtbot.waitUntil(lambda: cards.columns() == 1)
    qtbot.waitUntil(lambda: len({x for x, _y in places(cards)}) == 1)
    tops = [y for _x, y in places(cards)]
    assert tops == sorted(set(tops))
    window.resize(1200, 700)
    qtbot.waitUntil(lambda: places(cards) == before)
