"""Comentarios: what colleagues say to each other about a record."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Mapped

from db.fields import any_record, instant, link, long_text, text, yes_no
from db.record import Problem, Record
from db.screens import Screens, Section


class Comment(
    Record, table="comment", label="Comentario", plural="Comentarios", menu="Herramientas", icon="comment", position=20,
    indexes="created_at sort_key record+created_at",
):  # fmt: skip
    """A remark on a record. ``@nombre`` tells that user of it."""

    record: Mapped[str] = any_record("Relacionado con", required=True, mass_edit=False)
    body: Mapped[str] = long_text("Comentario", required=True, search=True, mass_edit=False,
                                  help="Con @nombre se avisa a un usuario. **Negrita**, *cursiva*, listas con «- » "
                                       "y enlaces.")  # fmt: skip
    parent_id: Mapped[int | None] = link("Respuesta a", "comment", on_delete="cascade", read_only=True)
    author_id: Mapped[int | None] = link("Autor", "user", read_only=True, on_delete="keep")
    is_internal: Mapped[bool] = yes_no("Interno", default=True, help="El portal de clientes no lo enseña.")
    edited_at: Mapped[dt.datetime | None] = instant("Editado el", read_only=True)
    edit_reason: Mapped[str | None] = text("Motivo de la edición", max_length=200)

    screens = Screens(
        columns="created_at author record body is_internal edited_at",
        filters="record body author created_at",
        more_filters="is_internal edited_at created_by parent",
        sort="-created_at",
        form=[
            Section("Comentario", "body"),
            Section("Dónde y para quién", "record is_internal edit_reason"),
        ],
        tabs="document",
        picker="created_at",
        head="created_at author edited_at parent",
        empty="Todavía no hay comentarios. Escriba el primero.",
    )

    def title_text(self) -> str:
        """Its first line."""
        return (self.body or "").strip().partition("\n")[0][:100]

    def problems(self) -> Iterator[Problem]:
        """Something is said."""
        if not self.body.strip():
            yield Problem("body", "Escriba el comentario.")
