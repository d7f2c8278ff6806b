"""The tour: the whole program walked through without a screen, with pictures and a log of steps.

It drives real windows over fresh demo data, so it is both a demonstration and a check that everything opens.
"""

from pathlib import Path


def run(folder: Path) -> int:
    """Walk through the program, writing numbered PNGs and ``tour.json``; 0 only if every step worked."""
    from ui.tour.walk import walk

    return walk(folder)
