"""The one error that pure rules raise for what a person typed."""


class Invalid(ValueError):
    """Input that cannot be accepted. Its text is Spanish, complete and fit to stand beside the field."""

    @property
    def message(self) -> str:
        """The text for the user."""
        return str(self)
