"""The shape all master files share: an automatic code, a description, active or not."""

from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from db.fields import text, yes_no
from db.record import Problem, Record
from db.screens import Screens, Section


class Master(Record):
    """A master file entry. Its code is given by the program and cannot be edited."""

    __abstract__ = True

    number: Mapped[str] = text("Código", max_length=20, search=True, read_only=True, unique=True, default="@number")
    name: Mapped[str] = text("Descripción", max_length=120, required=True, search=True, unique=True)
    is_active: Mapped[bool] = yes_no("Activo", default=True, help="Desmarcado, deja de ofrecerse pero se conserva.")

    def problems(self) -> Iterator[Problem]:
        """A description needs at least one letter or digit."""
        if self.name and not any(char.isalnum() for char in self.name):
            yield Problem("name", "Escriba una descripción con letras o números.")


def master_screens(columns: str = "", fields: str = "", title: str = "Datos", **more: object) -> Screens:
    """List and form of a master file; extra fields go after the description."""
    return Screens(
        columns=f"number name {columns} is_active",
        filters="name is_active",
        sort="name",
        form=[Section(title, f"name {fields} is_active", columns=2)],
        picker="number",
        load_at_open=True,
        **more,  # type: ignore[arg-type]
    )
