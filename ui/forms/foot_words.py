"""What the foot of a record window says: what accepting will do, or what was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.registry import module

if TYPE_CHECKING:
    from ui.forms.draft_form import DraftForm

NAMED = 4
"""Changed fields named; the rest is counted."""


def sentence(form: DraftForm) -> tuple[str, str]:
    """Return the sentence and its icon."""
    if form.content is None or form.read_only:
        return "", "info"
    facts = form.model.module
    if form.ident is None:
        number = next(iter(form.content.proposed.values()), "")
        article = "la" if facts.feminine else "el"
        return f"Al aceptar se añade {article} {facts.named(1)} {number}".rstrip() + f".{waiting(form)}", "info"
    touched = form.touched()
    if not touched:
        return "Sin cambios.", "info"
    labels = [form.fields[name].label for name in form.fields if name in touched]
    labels += [module(table).module.plural for table in form.parts() if table in touched]
    shown = ", ".join(labels[:NAMED])
    more = f" y {len(labels) - NAMED} más" if len(labels) > NAMED else ""
    return f"Al aceptar se guarda: {shown}{more}.", "edit"


def waiting(form: DraftForm) -> str:
    """Return what is said of the files and the mail that wait, "" when none does; begins with a space."""
    count = len(form.held.files)
    parts = [f"{count} archivos" if count > 1 else "1 archivo"] if count else []
    parts += ["el correo"] if form.held.mail is not None else []
    return f" También se guardará{'n' if count > 1 or len(parts) > 1 else ''} {' y '.join(parts)}." if parts else ""


def problems(count: int) -> str:
    """Return how many fields are still wrong."""
    return "Hay un dato por corregir." if count == 1 else f"Hay {count} datos por corregir."
