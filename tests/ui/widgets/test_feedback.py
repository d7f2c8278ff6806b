"""Notices, the busy line, empty lists."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui.widgets.feedback import BusyBar, EmptyState, NoticeStack


def test_a_notice_undoes_and_goes(stage, qtbot):
    made = stage(QWidget())
    called: list[str] = []
    stack = NoticeStack(made.window)
    notice = stack.show("3 fechas cambiadas.", undo=lambda: called.append("undone"))
    assert notice.isVisible()
    with qtbot.waitSignal(notice.closed):
        QTest.mouseClick(notice.undo_button, Qt.MouseButton.LeftButton)
    assert called == ["undone"]
    assert stack.notices() == []


def test_a_notice_goes_by_itself(stage, qtbot):
    made = stage(QWidget())
    QTest.mouseMove(made.window, QPoint(2, 2))  # away from where the notice will be
    notice = NoticeStack(made.window).show("Guardado.", milliseconds=1)
    assert not notice.undo_button.isVisible()
    with qtbot.waitSignal(notice.closed):
        pass


def test_a_notice_waits_under_the_pointer(stage, qtbot):
    made = stage(QWidget())
    notice = NoticeStack(made.window).show("Guardado.", milliseconds=1)
    spot = QPointF(1, 1)
    QApplication.sendEvent(notice, QEnterEvent(spot, spot, spot))
    assert not notice.is_counting()
    with qtbot.waitSignal(notice.closed):
        QApplication.sendEvent(notice, QEvent(QEvent.Type.Leave))


def test_notices_stand_above_each_other_inside_the_window(stage):
    made = stage(QWidget())
    stack = NoticeStack(made.window)
    first = stack.show("Uno.")
    second = stack.show("Una frase larga que ocupa más de una línea porque cuenta todo lo que ha pasado al guardar.")
    assert first.geometry().bottom() < second.geometry().top()
    made.window.resize(500, 300)
    assert made.window.rect().contains(second.geometry())
    for number in range(5):
        stack.show(str(number))
    assert len(stack.notices()) == 4
    stack.dismiss_all()
    assert stack.notices() == []


def test_a_notice_does_not_take_the_focus(stage):
    made = stage(QWidget())
    NoticeStack(made.window).show("Guardado.", undo=lambda: None)
    assert made.before.hasFocus()


def test_the_busy_line_shows_only_what_takes_long(stage, qtbot):
    bar = BusyBar(delay=1)
    stage(bar)
    with qtbot.waitSignal(bar.shown):
        bar.start()
        bar.start()
    bar.stop()
    assert bar.is_moving()
    bar.stop()
    bar.stop()
    assert not bar.is_moving()
    patient = BusyBar()
    patient.start()
    assert not patient.is_moving()
    patient.stop()


def test_an_empty_list_says_what_to_do(stage, qtbot):
    state = EmptyState("client", "Todavía no hay clientes.", "Añadir cliente")
    stage(state)
    with qtbot.waitSignal(state.clicked):
        QTest.mouseClick(state.button, Qt.MouseButton.LeftButton)
    state.set("search", "Nada coincide con el filtro.")
    assert not state.button.isVisible()
