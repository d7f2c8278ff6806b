"""A keyring that lives in memory, in place of the system's."""

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    """Keeps passwords until the test ends; ``is_locked`` refuses as one does whose owner says no."""

    priority = 5

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        """Look up."""
        self._open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep."""
        self._open()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget."""
        self._open()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")

    def _open(self) -> None:
        if self.is_locked:
            raise KeyringLocked("locked")


@contextmanager
def using(made: KeyringBackend) -> Iterator[MemoryKeyring]:
    """Put a keyring in place of the system's."""
    before = keyring.get_keyring()
    keyring.set_keyring(made)
    try:
        yield made  # type: ignore[misc]
    finally:
        keyring.set_keyring(before)
