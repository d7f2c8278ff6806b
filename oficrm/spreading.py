"""What else a write concerns: filing a file or a message changes the counters of the records it is filed under."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.registry import filed_by, module, modules, owner_link
from oficrm import keys

MOST = 5_000
"""Changed records looked at; a longer write refreshes what is shown when it is loaded again."""


def spread(session: Session) -> None:
    """Note as counted the records whose filing was written in this session, so that what shows them is refreshed."""
    touched: dict[str, set[int]] = session.info.get("touched", {})
    counted: dict[str, set[int]] = session.info.setdefault("counted", {})
    for model in [model for model in modules() if filed_by(model.module.table)]:
        field = filed_by(model.module.table)
        assert field is not None
        assert field.via is not None
        child = module(field.via[0])
        owner = getattr(child, owner_link(child).attr)
        through = getattr(child, child.fields[field.via[1]].attr)
        owners = touched.get(model.module.table, set())
        places = touched.get(child.module.table, set())
        if (not owners and not places) or len(owners) + len(places) > MOST:
            continue
        found: set[tuple[int, str]] = set()
        for column, ids in ((owner, owners), (child.id, places)):
            for some in chunks(sorted(ids)):
                found.update(
                    (row[0], row[1]) for row in session.execute(select(owner, through).where(column.in_(some)))
                )
        for ident, key in found:
            counted.setdefault(model.module.table, set()).add(ident)
            table, record = keys.parts(key)
            counted.setdefault(table, set()).add(record)
