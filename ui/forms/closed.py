"""What a record in a closed state no longer lets be changed: an issued invoice is looked at, but for its notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.forms.draft_form import DraftForm


def keeps(form: DraftForm, name: str) -> bool:
    """Whether a field or line table of the record stays as it is, by the state the record was opened in."""
    flow = form.model.flow
    if flow is None or form.content is None or name == flow.field or name in flow.free:
        return False
    return form.content.draft.original.get(flow.field) in flow.closed
