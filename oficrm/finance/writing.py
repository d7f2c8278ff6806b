"""Records that the program itself makes, saved as their forms would be."""

from sqlalchemy.orm import Session

from oficrm.drafts import Draft, Saved


def save(session: Session, draft: Draft) -> Saved:
    """Save a draft that the program filled in. Raises what saving raises, ValidationError by field included."""
    from oficrm import saving  # which asks the modules for their hooks, and those use this

    return saving.save(session, draft)
