"""Python's collector of cyclic garbage, run on the GUI thread only.

Left alone it runs in whatever thread happens to allocate, a lane of the database as likely as not, and would take
apart widgets there that Qt allows only the GUI thread to touch.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000


def take_over(owner: QObject) -> None:
    """Stop the automatic collection and do it from a timer that lives as long as ``owner``."""
    gc.disable()
    collect_due()
    timer = QTimer(owner)
    timer.setInterval(EVERY_MS)
    timer.timeout.connect(collect_due)
    timer.start()


def collect_due() -> None:
    """Collect the oldest generation that is due by the usual thresholds."""
    counts, limits = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > limits[generation]:
            gc.collect(generation)
            return
