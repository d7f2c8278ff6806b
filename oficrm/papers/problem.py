"""What is wrong with a template, in words for the user."""


class TemplateProblem(Exception):
    """A template that cannot be filled in: why, in Spanish, and the line (0 where no line can be named)."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(f"Línea {line}: {text}" if line else text)
        self.text, self.line = text, line
