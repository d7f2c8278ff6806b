"""Search field, segments, foot, bars, chips and flowing lines."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QToolTip, QWidget

from tests.ui.widgets.keys import type_text
from ui import theme
from ui.widgets.bars import SearchField, SegmentedButtons, StickyFoot
from ui.widgets.chips import Chip, StateChip
from ui.widgets.flow import FlowLayout
from ui.widgets.mini_bars import DayLoad, MiniBars


def test_searching_waits_for_a_pause_and_enter_does_not(stage, qtbot):
    field = SearchField(delay=1)
    stage(field)
    field.setFocus()
    with qtbot.waitSignal(field.searched) as asked:
        type_text(field, "rui")
    assert asked.args == ["rui"]
    slow = SearchField(delay=100_000)
    stage(slow)
    type_text(slow, "x")
    with qtbot.waitSignal(slow.searched):
        QTest.keyClick(slow, Qt.Key.Key_Return)
    with qtbot.waitSignal(slow.searched) as asked:
        QTest.keyClick(slow, Qt.Key.Key_Escape)
    assert asked.args == [""]
    assert slow.text() == ""


def test_one_segment_is_down_and_all_count(stage, qtbot):
    segments = SegmentedButtons()
    for key, text in (("all", "Todos"), ("open", "No realizados"), ("done", "Realizados")):
        segments.add(key, text, name=f"quick_{key}")
    made = stage(segments)
    assert segments.current() == "all"
    segments.set_count("all", 1412)
    assert segments.buttons["all"].text() == "Todos  1.412"
    button = made.window.findChild(QToolButton, "quick_open")
    assert button is not None
    button.setFocus()
    with qtbot.waitSignal(segments.changed) as said:
        QTest.keyClick(button, Qt.Key.Key_Space)
    assert said.args == ["open"]
    with qtbot.assertNotEmitted(segments.changed):
        segments.set_current("done")
    assert segments.current() == "done"


def test_the_foot_says_what_happens_and_its_keys_work(stage, qtbot):
    foot = StickyFoot()
    cancel = foot.add_button("Cancelar", name="button_cancel", shortcut="Esc")
    accept = foot.add_button("Aceptar", name="button_accept", kind="primary", shortcut="Ctrl+Return")
    made = stage(foot)
    foot.set_sentence("Al aceptar se abre el del vie 28 nov.")
    assert accept.text() == "Aceptar   Ctrl+↵"
    assert accept.accessibleName() == "Aceptar"
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        with qtbot.waitSignal(accept.clicked):
            QTest.keyClick(made.before, key, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(cancel.clicked):
        QTest.keyClick(made.before, Qt.Key.Key_Escape)


def test_a_state_always_has_word_and_icon(stage):
    chip = StateChip("Vencido", theme.Kind.OVERDUE)
    stage(chip)
    assert chip.text() == "Vencido"
    assert chip._icon.isVisible()
    chip.set_state("Probable", theme.Kind.NEUTRAL)
    assert chip.property("chip") == "neutral"


def test_the_cross_of_a_chip(stage, qtbot):
    chip = Chip("Sierra 200", removable=True)
    stage(chip)
    cross = chip.findChild(QToolButton)
    assert cross is not None
    with qtbot.waitSignal(chip.removed):
        QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    chip.set_removable(False)
    assert not cross.isVisible()


def test_bars_are_told_to_screen_readers_and_the_pointer(stage, qtbot):
    bars = MiniBars()
    bars.set_days([DayLoad("lun 23", 7, 2), DayLoad("mar 24", 3, 9, tip="martes 24")], cap=8)
    stage(bars)
    assert bars.accessibleDescription() == "lun 23: de 7 a 2; mar 24: de 3 a 9"
    assert not bars.grab().isNull()
    spot = bars.rect().topRight() / 4 * 3
    QApplication.sendEvent(bars, QHelpEvent(QEvent.Type.ToolTip, spot, bars.mapToGlobal(spot)))
    assert QToolTip.text() == "martes 24: 3 antes, 9 después"
    QToolTip.hideText()


def test_lines_flow_and_the_last_part_takes_what_is_left(stage):
    field = QWidget()
    flow = FlowLayout(field)
    labels = [QLabel("x" * 20) for _ in range(6)]
    for label in labels:
        flow.addWidget(label)
    made = stage(field)
    made.window.resize(800, 300)
    wide = flow.heightForWidth(800)
    assert flow.heightForWidth(200) > 2 * wide
    first = QLabel("primero")
    flow.insert(0, first)
    first.show()
    flow.activate()
    assert first.x() < labels[0].x()
    assert flow.itemAt(99) is None
    assert flow.takeAt(99) is None
    assert flow.count() == 7
