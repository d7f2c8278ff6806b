"""Small rules of the supporting modules: where own fields may hang, and entries created on the spot."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models.action_type import ActionType
from db.models.custom_field import CustomField, CustomKind
from db.text import search_fold
from oficrm import cleaning, custom_fields
from oficrm.drafts import Draft
from oficrm.errors import Collected
from oficrm.hooks import Hooks
from oficrm.rules.problems import Invalid


def _check_custom_field(session: Session, custom: CustomField, draft: Draft, problems: Collected) -> None:
    """The module exists, the kind of a field in use stays, and the default fits the kind."""
    if custom.module_table not in dict(custom_fields.modules_with_fields()):
        problems.add("module_table", "Elija un módulo de la lista.")
    if draft.id is not None and draft.original.get("kind") not in (None, custom.kind):
        problems.add("kind", "El tipo no se puede cambiar: ya hay datos guardados. Cree otro campo.")
    if custom.default_value and custom.kind != CustomKind.LIST:
        field = custom_fields.as_field(custom)
        try:
            cleaning.clean(field, custom.default_value, cleaning.Context())
        except Invalid as error:
            problems.add("default_value", error.message)
    same = select(CustomField.id, CustomField.name).where(
        CustomField.module_table == custom.module_table, CustomField.deleted_at.is_(None), CustomField.id != draft.id
    )
    if any(search_fold(name) == search_fold(custom.name) for _, name in session.execute(same)):
        problems.add("name", "Ese módulo ya tiene un campo con este nombre.")


CUSTOM_FIELD_HOOKS = Hooks(check=_check_custom_field)


def find_action(session: Session, text: str) -> int | None:
    """Return the catalogue entry with this text, if there is one."""
    wanted = search_fold(text.strip())
    live = select(ActionType.id, ActionType.name).where(ActionType.deleted_at.is_(None))
    return next((ident for ident, name in session.execute(live) if search_fold(name) == wanted), None)
