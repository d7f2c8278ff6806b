"""Open a real window on a private X server: proof that resources/qt-libraries.txt is complete."""

import os
import subprocess
import sys

PROGRAM = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("OfiCRM")
label.show()
QTimer.singleShot(200, lambda: app.exit(0 if app.platformName() == "xcb" and label.isVisible() else 1))
raise SystemExit(app.exec())
"""


def main() -> int:
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as pipe:
                display = pipe.readline().strip()
            if not display:
                print("Xvfb did not start")
                return 1
            surroundings = {**os.environ, "DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
            return subprocess.run([sys.executable, "-c", PROGRAM], env=surroundings, timeout=40, check=False).returncode
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
