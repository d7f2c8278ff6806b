"""Credit notes: never more than their invoice, applied to what the client owes or paid back, goods taken in again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.history import operation
from db.models.credit_note import CreditApplication, CreditNote, CreditNoteLine, NoteReason, NoteStatus
from db.models.invoice import Invoice, InvoiceLine, InvoiceStatus
from db.models.stock_movement import MovementStatus, MovementType, StockMovement
from db.record import Problem
from db.types import MONEY_DECIMALS, Scaled
from oficrm import clock, commands, flows, pricing, records
from oficrm.commands import Command, Outcome
from oficrm.drafts import Draft, LineDraft, Loaded, Saved, Values
from oficrm.errors import Collected, Refused, ValidationError
from oficrm.finance import cash_flow
from oficrm.hooks import Hooks
from oficrm.sales import balances, numbering, parties, shared, written
from oficrm.stock import movements

LINES = "credit_application"
NOTHING = Decimal(0)
SAME = ("product_id", "service_id", "description")
"""By what a line of a note is known to be about a line of its invoice."""


def _fill(session: Session, name: str, values: Values) -> Values:
    """A return takes its goods in again, unless told otherwise; the rest as in every document."""
    if name == "reason":
        return {"restock": values.get("reason") == NoteReason.RETURN}
    return parties.fill("credit_note", session, name, values)


def _check(session: Session, note: CreditNote, draft: Draft, problems: Collected) -> None:
    if flows.entered(note, draft, NoteStatus.ISSUED) and not draft.lines.get("credit_note_line"):
        problems.add("", "Añada al menos una línea: no hay nada que abonar.")
    invoice = session.get(Invoice, note.invoice_id) if note.invoice_id is not None else None
    if invoice is not None and note.date < invoice.date:
        problems.add("date", f"No puede ser anterior a la factura, del {invoice.date:%d/%m/%Y}.")


def _before(session: Session, note: CreditNote, draft: Draft) -> None:
    pricing.complete_money(session, note)
    invoice = session.get(Invoice, note.invoice_id) if note.invoice_id is not None else None
    if invoice is not None and invoice.currency != note.currency:
        raise ValidationError({"currency": [f"La factura está en {invoice.currency}: la nota también."]})
    pricing.work_out(session, note, draft)
    session.flush()
    if note.status == NoteStatus.CANCELLED:
        return
    lines = applications(session, note)
    shared.lock(session, Invoice, {line.invoice_id for line in lines if line.invoice_id} | {note.invoice_id or 0})
    is_issued = flows.entered(note, draft, NoteStatus.ISSUED)
    if is_issued and not lines and invoice is not None:
        lines = _apply_to_own(session, note, invoice)
    problems = Collected()
    _check_applied(session, note, lines, problems)
    problems.raise_if_any()
    if is_issued:
        numbering.issue(session, note)


def applications(session: Session, note: CreditNote) -> list[CreditApplication]:
    """Return the live applications of a note in their order."""
    found = records.lines_of(session, CreditApplication, note.id)
    return [line for line in found if isinstance(line, CreditApplication)]


def _apply_to_own(session: Session, note: CreditNote, invoice: Invoice) -> list[CreditApplication]:
    """A note goes first of all to the invoice it is about, as far as this is not paid."""
    owed = min(balances.of(session, [invoice.id])[invoice.id], note.total)
    return [_add(session, note, invoice.id, owed)] if owed > 0 else []


def _add(session: Session, note: CreditNote, invoice_id: int | None, amount: Decimal) -> CreditApplication:
    position = len(applications(session, note))
    made = CreditApplication(credit_note_id=note.id, invoice_id=invoice_id, amount=amount, applied_on=clock.today(),
                             position=position, extra={})  # fmt: skip
    session.add(made)
    return made


def _check_applied(
    session: Session, note: CreditNote, lines: Sequence[CreditApplication], problems: Collected
) -> None:  # fmt: skip
    """No more than the note comes to, and than each invoice owes; what an issued note applies is off this already."""
    total = sum((line.amount for line in lines), NOTHING)
    if total > note.total:
        left, wanted = (shared.amount(session, each, note.currency) for each in (note.total, total))
        problems.add("", f"La nota es de {left} y se aplicarían {wanted}.")
    owed = balances.of(session, {line.invoice_id for line in lines if line.invoice_id is not None})
    counts = note.status == NoteStatus.ISSUED
    for at, line in enumerate(lines):
        if line.invoice_id is None:
            continue
        invoice = session.get(Invoice, line.invoice_id)
        room = owed.get(line.invoice_id, NOTHING) + (line.amount if counts else NOTHING)
        wrong = balances.unfit(session, note, invoice, room, line.amount)
        if wrong is not None:
            problems.add(f"{LINES}.{at}.{wrong[0]}", wrong[1])


def _after(session: Session, note: CreditNote, draft: Draft) -> None:
    """Goods that come back are taken in when the note is issued, and leave again when it is cancelled."""
    cash_flow.follow_credit_note(session, note)
    if flows.entered(note, draft, NoteStatus.ISSUED) and note.restock:
        _take_in(session, note, draft.accepted)
    elif flows.entered(note, draft, NoteStatus.CANCELLED):
        made = select(StockMovement.id).where(
            StockMovement.credit_note_id == note.id, StockMovement.deleted_at.is_(None),
            StockMovement.status == MovementStatus.APPLIED,
        )  # fmt: skip
        if found := session.scalars(made).all():
            commands.advance(session, "stock_movement", found, MovementStatus.CANCELLED, draft.accepted)


def _take_in(session: Session, note: CreditNote, accepted: frozenset[str]) -> None:
    goods: list[Values] = []
    for line in records.lines_of(session, CreditNoteLine, note.id):
        row: Any = line
        if row.product_id is not None:
            goods.append({"product": row.product_id, "quantity": row.quantity, "lot_serial": row.lot_serial_id})
    if goods:
        movements.make(
            session, MovementType.IN, note.warehouse_id, goods, client_id=note.client_id, credit_note_id=note.id,
            concept=f"Devolución {note.number}", accepted=accepted,
        )  # fmt: skip


def _outcome(session: Session, note: CreditNote, draft: Draft, saved: Saved) -> Saved:
    if not flows.entered(note, draft, NoteStatus.ISSUED):
        return saved
    lines = applications(session, note)
    left = note.total - sum((line.amount for line in lines), NOTHING)
    if left <= 0:
        return saved
    text = f"Quedan {shared.amount(session, left, note.currency)} por aplicar a facturas o reembolsar."
    return replace(saved, message=text)


def _sound(session: Session, note: CreditNote) -> Iterator[Problem]:
    yield from numbering.sound(session, note)
    if note.deleted_at is not None or note.status == NoteStatus.CANCELLED:
        if any(line.invoice_id is None for line in applications(session, note)):
            yield Problem("status", "Ya se reembolsó al cliente: quite antes el reembolso.")
        return
    yield from _beyond_invoice(session, note)
    if note.status == NoteStatus.ISSUED:
        ids = {line.invoice_id for line in applications(session, note) if line.invoice_id is not None}
        if written.changed(session, note, ("status",)):
            for ident in sorted(ids):
                invoice = session.get_one(Invoice, ident)
                if invoice.status != InvoiceStatus.ISSUED or invoice.deleted_at is not None:
                    yield Problem("", f"La factura «{invoice.title}» ya no está emitida.")
        yield from balances.beyond(session, ids)


def _beyond_invoice(session: Session, note: CreditNote) -> Iterator[Problem]:
    """All notes of an invoice together give back no more than it came to."""
    invoice = session.get(Invoice, note.invoice_id) if note.invoice_id is not None else None
    if invoice is None or not written.changed(session, note, ("status", "total", "invoice_id")):
        return
    left = invoice.total - _credited(session, invoice.id, note.id)
    if note.total > left:
        room, total = (shared.amount(session, each, invoice.currency) for each in (left, note.total))
        yield Problem("", f"La nota es de {total} y de {invoice.title} solo pueden abonarse {room}.")


def _credited(session: Session, invoice_id: int, but: int | None = None) -> Decimal:
    """What issued notes of an invoice come to, one left out."""
    total = select(func.coalesce(func.sum(CreditNote.total), 0, type_=Scaled(MONEY_DECIMALS))).where(
        CreditNote.invoice_id == invoice_id, CreditNote.deleted_at.is_(None), CreditNote.id != (but or 0),
        CreditNote.status == NoteStatus.ISSUED,
    )  # fmt: skip
    return session.scalar(total) or NOTHING


def _start(session: Session, draft: Draft) -> None:
    """The lines of the invoice that no earlier note has given back yet."""
    invoice = draft.values.get("invoice")
    if isinstance(invoice, int) and not draft.lines.get("credit_note_line"):
        draft.lines["credit_note_line"] = _lines_left(session, invoice)
    if draft.values.get("reason") == NoteReason.RETURN and isinstance(invoice, int):
        draft.values["restock"] = True


def _lines_left(session: Session, invoice_id: int) -> list[LineDraft]:
    gone = _given_back(session, invoice_id)
    found = []
    for line in records.lines_of(session, InvoiceLine, invoice_id):
        values = {name: getattr(line, name) for name in pricing.COPIED}
        key = tuple(getattr(line, name) for name in SAME)
        back = min(gone.get(key, NOTHING), values["quantity"])
        gone[key] = gone.get(key, NOTHING) - back
        if values["quantity"] > back:
            found.append(LineDraft(None, values | {"quantity": values["quantity"] - back}))
    return found


def _given_back(session: Session, invoice_id: int) -> dict[tuple[Any, ...], Decimal]:
    """Quantities in issued notes of an invoice, by what their lines are about."""
    child: Any = CreditNoteLine
    columns = [getattr(child, name) for name in SAME]
    statement = (
        select(*columns, func.sum(child.quantity, type_=Scaled(4)))
        .join(CreditNote, CreditNote.id == child.credit_note_id)
        .where(CreditNote.invoice_id == invoice_id, CreditNote.deleted_at.is_(None), child.deleted_at.is_(None),
               CreditNote.status == NoteStatus.ISSUED).group_by(*columns)
    )  # fmt: skip
    return {tuple(row[:-1]): row[-1] for row in session.execute(statement)}


def of_invoice(session: Session, ident: int) -> Loaded:
    """Return a new note for what is left of an invoice. Raises Refused when all of it was given back."""
    invoice = session.get_one(Invoice, ident)
    if _credited(session, ident) >= invoice.total:
        raise Refused(f"De {invoice.title} ya se abonó todo.")
    return records.blank(session, "credit_note", {"client": invoice.client_id, "invoice": ident})


def apply_rest(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Apply what remains of a note to the client's open invoices of its currency, the first due first.

    Raises Refused when nothing remains, or nothing is owed.
    """
    note, left = _with_rest(session, ids[0])
    open_ones = select(Invoice.id).where(
        Invoice.client_id == note.client_id, Invoice.currency == note.currency, Invoice.deleted_at.is_(None),
        Invoice.status == InvoiceStatus.ISSUED,
    ).order_by(Invoice.due_date.nulls_last(), Invoice.date, Invoice.id)  # fmt: skip
    owed = balances.of(session, list(session.scalars(open_ones)))
    given: list[tuple[int | None, Decimal]] = []
    for ident in session.scalars(open_ones):
        part = min(owed[ident], left)
        if part > 0:
            given.append((ident, part))
            left -= part
    if not given:
        raise Refused("El cliente no debe ninguna factura en esta moneda: reembólsela.")
    _give(session, note, given, f"Aplicar {note.title}", accepted)
    titles = [session.get_one(Invoice, ident).title for ident, _ in given if ident is not None]
    rest = f" Quedan {shared.amount(session, left, note.currency)}." if left > 0 else ""
    return Outcome(f"Aplicada a {shared.named(titles)}.{rest}")


def refund(session: Session, ids: Sequence[int], accepted: frozenset[str] = frozenset()) -> Outcome:
    """Note that what remains of a credit note was paid back. Raises Refused when nothing remains."""
    note, left = _with_rest(session, ids[0])
    _give(session, note, [(None, left)], f"Reembolsar {note.title}", accepted)
    return Outcome(f"Reembolsados {shared.amount(session, left, note.currency)} de {note.title}.")


def _with_rest(session: Session, ident: int) -> tuple[CreditNote, Decimal]:
    note = session.get_one(CreditNote, ident)
    left = note.total - sum((line.amount for line in applications(session, note)), NOTHING)
    if left <= 0:
        raise Refused(f"De {note.title} no queda nada por aplicar.")
    return note, left


def _give(
    session: Session, note: CreditNote, given: Sequence[tuple[int | None, Decimal]], label: str,
    accepted: frozenset[str],
) -> None:  # fmt: skip
    with operation(session, label[:300]):
        draft = records.load(session, "credit_note", note.id).draft
        today = clock.today()
        draft.lines[LINES] = [*draft.lines[LINES],
                              *(LineDraft(None, {"invoice": invoice, "amount": part, "applied_on": today})
                                for invoice, part in given)]  # fmt: skip
        draft.accepted = accepted
        commands.save(session, draft)


HOOKS = Hooks(
    fill=_fill, follows=("currency", "reason"), start=_start, check=_check, before=_before, after=_after,
    outcome=_outcome, sound=_sound, leaving=numbering.leaving,
)  # fmt: skip
OF_INVOICES = (
    Command("credit", "Crear nota de crédito", "credit_note", blank=of_invoice,
            states=frozenset({InvoiceStatus.ISSUED})),
)  # fmt: skip
COMMANDS = (
    Command("apply", "Aplicar a lo que debe", "payment", run=apply_rest, states=frozenset({NoteStatus.ISSUED})),
    Command("refund", "Reembolsar lo que queda", "undo", run=refund, states=frozenset({NoteStatus.ISSUED}),
            question="¿Anotar que lo que queda se devolvió al cliente?"),
)  # fmt: skip
