"""How much a template may cost: steps, time and length, whatever its author wrote."""

from time import thread_time

from oficrm.papers.problem import TemplateProblem

MAX_STEPS = 100_000
"""Turns of loops and calls of macros in one page."""
MAX_SECONDS = 2
"""Of processor time, so that a busy machine makes no template fail."""
MAX_LENGTH = 2_000_000
"""Characters of a page, and of any text that is put together on the way; a line of an invoice takes some 250."""
MAX_RANGE = 10_000
STEPS_BETWEEN_LOOKS = 64


class Budget:
    """Counts what one filling costs; made in the thread that fills. Every method raises TemplateProblem."""

    def __init__(self) -> None:
        self._steps = 0
        self._end = thread_time() + MAX_SECONDS

    def step(self) -> None:
        """Count one turn or call."""
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise TemplateProblem("la plantilla da demasiadas vueltas; revise sus bucles.")
        if self._steps % STEPS_BETWEEN_LOOKS == 0:
            self.look()

    def look(self) -> None:
        """Look at the time."""
        if thread_time() > self._end:
            raise TemplateProblem("la plantilla tarda demasiado; revise sus bucles.")

    def measure(self, length: int) -> None:
        """Look at the length of a text that is about to be made, in characters, and at the time."""
        if length > MAX_LENGTH:
            raise TemplateProblem("la página sale demasiado larga; revise los bucles de la plantilla.")
        self.look()
