"""Linking records that exist to another one, and taking the link away again: the "Seleccionar…" of related modules.

Reference: section 2.6 of the list of modules. Three shapes: a record of a mere relation is made for each chosen one, a
record filed under many gets one more place, or an optional link of the chosen records is set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.bulk import chunks
from db.filed import key_of
from db.history import operation
from db.registry import filed_by, module, owner_link
from oficrm import clock, commands, deleting, loading, records, related
from oficrm.drafts import LineDraft, Values
from oficrm.errors import NeedsConfirmation, Refused
from oficrm.related import CARRIED, Related

Way = Literal["join", "line", "link"]
MOVE = "relink"
"""The confirmation that takes records from what they hang on now."""
MOST = 2_000
NAMED = 3


@dataclass(frozen=True, slots=True)
class Selection:
    """What can be chosen in a related tab: records of ``target``, linked by ``field`` of the relation's module."""

    relation: Related
    table: str
    target: str
    way: Way
    field: str

    @property
    def words(self) -> str:
        """The words of the action."""
        return f"Seleccionar {module(self.target).module.several}…"

    @property
    def name(self) -> str:
        """The name of the action: by the related module, and by what is chosen where that is not settled."""
        table = self.relation.table
        return table if self.way != "join" or self.relation.stands_for else f"{table}_{self.target}"


def selections(relation: Related, table: str) -> tuple[Selection, ...]:
    """Return what can be linked to a record of ``table`` as a related one; nothing where a record belongs to one only.

    A relation seen from what it joins (the members of a campaign) is made with clients or with persons.
    """
    other = module(relation.table)
    if relation.is_through or not other.module.menu:
        return ()
    if relation.is_keyed:
        filed = filed_by(relation.table)
        return (Selection(relation, table, relation.table, "line", filed.name),) if filed is not None else ()
    if other.screens.joins:
        names = (other.screens.joins,) if relation.stands_for else reversed(CARRIED)
        found = [other.fields[name] for name in names if name in other.fields and name != relation.link]
        return tuple(Selection(relation, table, field.target, "join", field.name) for field in found)
    field = other.fields.get(relation.link)
    if field is None or relation.whole != relation.link or field.required or field.read_only or field.hidden:
        return ()
    return (Selection(relation, table, relation.table, "link", field.name),)


def selection(table: str, other: str) -> Selection:
    """Return what can be chosen for records of ``table`` among those they have to do with through ``other``."""
    relation = next(each for each in related.related(table) if each.table == other)
    return selections(relation, table)[0]


def can_select(relation: Related, table: str) -> bool:
    """Return whether existing records can be linked as related ones."""
    return bool(selections(relation, table))


def narrowed(session: Session, wanted: Selection, ident: int) -> Values:
    """Return the links that a record must have to be chosen: the client of the person it is to be linked to."""
    field = module(wanted.relation.table).fields.get(wanted.field)
    owner = module(wanted.table)
    if wanted.way != "link" or field is None or not field.within or field.within not in owner.fields:
        return {}
    if not module(wanted.target).fields[field.within].required:
        return {}
    value = session.scalar(select(getattr(owner, owner.fields[field.within].attr)).where(owner.id == ident))
    return {field.within: value} if value is not None else {}


def link(
    session: Session, wanted: Selection, ident: int, chosen: Sequence[int], accepted: frozenset[str] = frozenset()
) -> str:  # fmt: skip
    """Link records to one, all or none, as one operation; return the sentence for the notice.

    Those that are linked already are left as they are. Raises Refused when that is all of them or a rule forbids one,
    NeedsConfirmation when some hang on another record now, or what saving raises.
    """
    known = _linked(session, wanted, ident, chosen)
    new = [each for each in dict.fromkeys(chosen) if each not in known]
    if not new:
        raise Refused("Ya estaba vinculado." if len(known) == 1 else "Ya estaban todos vinculados.")
    if len(new) > MOST:
        raise Refused(f"Se vinculan como mucho {MOST:,} registros a la vez.".replace(",", "."))
    owner = records.get(session, module(wanted.table), ident)
    if wanted.way == "link" and MOVE not in accepted:
        _ask_to_move(session, wanted, new)
    facts = module(wanted.target).module
    with operation(session, "Vincular") as done:
        title = ""
        for each in new:
            title = _link_one(session, wanted, ident, each, accepted)
        what = title if len(new) == 1 else f"{len(new)} {facts.several}"
        done.label = f"Vincular {what} a {owner.title}"[:300]
        session.info["last_operation"] = (done.id, done.label)
    ending = "a" if facts.feminine else "o"
    begun = f"«{title}» queda vinculad{ending}" if len(new) == 1 else f"Se han vinculado {what}"
    rest = f"; {len(known)} ya lo estaba{'n' if len(known) > 1 else ''}" if known else ""
    return f"{begun} a «{owner.title}»{rest}."


def link_all(
    session: Session, wanted: Selection, idents: Sequence[int], chosen: Sequence[int],
    accepted: frozenset[str] = frozenset(),
) -> str:  # fmt: skip
    """Link the chosen records to each of many, as one operation; return the sentence. Raises what ``link`` does.

    Only a relation that joins two records can be had with many: else the last one would take them from the others.
    """
    if len(idents) == 1:
        return link(session, wanted, idents[0], chosen, accepted)
    assert wanted.way == "join"
    known = {ident: _linked(session, wanted, ident, chosen) for ident in idents}
    pairs = [(ident, each) for ident in idents for each in dict.fromkeys(chosen) if each not in known[ident]]
    if not pairs:
        raise Refused("Ya estaban todos vinculados.")
    if len(pairs) > MOST:
        raise Refused(f"Se vinculan como mucho {MOST:,} registros a la vez.".replace(",", "."))
    owners, facts = module(wanted.table).module, module(wanted.target).module
    with operation(session, "Vincular") as done:
        for ident, each in pairs:
            title = _link_one(session, wanted, ident, each, accepted)
        count = len({ident for ident, _ in pairs})
        what = f"{count} {owners.named(count)}"
        where = title if len(set(chosen)) == 1 else f"{len(set(chosen))} {facts.several}"
        done.label = f"Vincular {what} a {where}"[:300]
        session.info["last_operation"] = (done.id, done.label)
    there = len(idents) - count
    rest = f"; {there} ya lo estaba{'n' if there > 1 else ''}" if there else ""
    into = f"«{where}»" if len(set(chosen)) == 1 else where
    return f"Se {'ha' if count == 1 else 'han'} vinculado {what} a {into}{rest}."


def _link_one(session: Session, wanted: Selection, ident: int, chosen: int, accepted: frozenset[str]) -> str:
    """Save one link as the form would; return the title of what was linked."""
    relation = wanted.relation
    match wanted.way:
        case "join":
            given = loading.preset_for(session, relation, wanted.table, ident) | _side(wanted, chosen)
            draft = records.blank(session, relation.table, given).draft
        case "line":
            draft = records.load(session, wanted.target, chosen).draft
            draft.lines = {name: lines for name, lines in draft.lines.items() if name == _via(wanted)[0]}
            added = LineDraft(None, {_via(wanted)[1]: key_of(wanted.table, ident)})
            draft.lines.setdefault(_via(wanted)[0], []).append(added)
        case "link":
            draft = records.load(session, wanted.target, chosen).draft
            draft.values[wanted.field] = ident
            draft.lines.clear()
    draft.accepted = accepted
    commands.save(session, draft)
    return records.get(session, module(wanted.target), chosen).title


def _side(wanted: Selection, chosen: int) -> Values:
    """The chosen record as the relation's form holds it: by itself, or as one of several modules."""
    fields = module(wanted.relation.table).fields
    attr = fields[wanted.field].attr
    whole = next((field.name for field in fields.values() if attr in field.parts), None)
    return {whole: key_of(wanted.target, chosen)} if whole else {wanted.field: chosen}


def _via(wanted: Selection) -> tuple[str, str]:
    via = module(wanted.target).fields[wanted.field].via
    assert via is not None
    return via


def _linked(session: Session, wanted: Selection, ident: int, chosen: Sequence[int]) -> set[int]:
    """Those of the chosen that are linked already; an assignment that is over does not count."""
    relation = wanted.relation
    other = module(relation.table)
    found: set[int] = set()
    for part in chunks(list(chosen)):
        if wanted.way == "line":
            child, name = _via(wanted)
            line = module(child)
            owner = getattr(line, owner_link(line).attr)
            named = getattr(line, line.fields[name].attr) == key_of(wanted.table, ident)
            statement = select(owner).where(owner.in_(part), named, line.deleted_at.is_(None))
        else:
            column: Any = getattr(other, other.fields[wanted.field].attr) if wanted.way == "join" else other.id
            hangs = getattr(other, other.fields[relation.link].attr) == ident
            statement = select(column).where(column.in_(part), hangs, other.deleted_at.is_(None))
            if wanted.way == "join" and "end_date" in other.fields:
                end: Any = getattr(other, other.fields["end_date"].attr)
                statement = statement.where(or_(end.is_(None), end >= clock.today()))
        found.update(session.scalars(statement))
    return found


def _ask_to_move(session: Session, wanted: Selection, chosen: Sequence[int]) -> None:
    """Raise NeedsConfirmation naming those that hang on another record."""
    model = module(wanted.target)
    field = model.fields[wanted.field]
    column = getattr(model, field.attr)
    moving: list[tuple[str, int]] = []
    for part in chunks(list(chosen)):
        rows = session.execute(select(model.title, column).where(model.id.in_(part), column.is_not(None)))
        moving += [(row[0], row[1]) for row in rows]
    if not moving:
        return
    there = module(field.target)
    named = []
    for title, held in moving[:NAMED]:
        holder = session.scalar(select(there.title).where(there.id == held))
        named.append(f"«{title}» ({holder or f'n.º {held}'})")
    more = f" y {len(moving) - NAMED} más" if len(moving) > NAMED else ""
    verb = "depende" if len(moving) == 1 else "dependen"
    other = f"{'otra' if there.module.feminine else 'otro'} {there.module.named(1)}"
    text = f"{', '.join(named)}{more} {verb} ahora de {other}."
    raise NeedsConfirmation(MOVE, text, "Cambiar")


def can_unlink(relation: Related, table: str) -> bool:
    """Return whether related records can be let go without being deleted."""
    return can_select(relation, table)


def unlink(session: Session, relation: Related, table: str, ident: int, chosen: Sequence[int],
           accepted: frozenset[str] = frozenset()) -> str:  # fmt: skip
    """Take away what links records of a related module to one, all or none, as one operation; return the sentence.

    What only joins the two goes to the trash; other records stay, without the link. Raises Refused for relations
    without such a link and when a rule forbids it, or what saving and deleting raise.
    """
    ways = selections(relation, table)
    if not ways:
        raise Refused("Este vínculo no se puede quitar.")
    owner = records.get(session, module(table), ident)
    count = len(chosen)
    what = f"{count} {(relation.singular if count == 1 else relation.several)}"
    with operation(session, "Quitar el vínculo") as done:
        if ways[0].way == "join":
            deleting.delete(session, relation.table, chosen, accepted | {deleting.DEPENDENTS})
        else:
            for each in chosen:
                _unlink_one(session, ways[0], ident, each, accepted)
        done.label = f"Quitar el vínculo de {what} con {owner.title}"[:300]
        session.info["last_operation"] = (done.id, done.label)
    return f"Sin vínculo ya con «{owner.title}»: {what}."


def _unlink_one(session: Session, wanted: Selection, ident: int, chosen: int, accepted: frozenset[str]) -> None:
    draft = records.load(session, wanted.target, chosen).draft
    draft.accepted = accepted
    if wanted.way == "link":
        draft.values[wanted.field] = None
        draft.lines.clear()
    else:
        child, name = _via(wanted)
        key = key_of(wanted.table, ident)
        draft.lines = {child: [line for line in draft.lines.get(child, []) if line.values.get(name) != key]}
    commands.save(session, draft)
