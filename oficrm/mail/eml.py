"""Messages in internet form (.eml, RFC 5322) made a Message: who, when, the text, what is attached."""

import datetime as dt
import html as markup
import re
from dataclasses import dataclass, field

from oficrm.mail import html as pages
from oficrm.mail import tnef
from oficrm.mail.addresses import parse_addresses
from oficrm.mail.decoding import clean_line, clean_text, decode, decode_words, first_date
from oficrm.mail.message import MAX_PARTS, MAX_TEXT, Address, Message, Part
from oficrm.mail.mime import Entity, Headers, Walk, content, entities, parameters_of, parse_headers

_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
_PICTURE = re.compile(r"data:[a-z]{1,20}/[^\"'()<>\s]{100,}")
_TOO_LONG = "El texto era demasiado largo y se recortó; sigue entero en el mensaje original."
_TEXTS = ("text/plain", "text/html")
MAX_REFERENCES = 200


@dataclass(slots=True)
class Body:
    """The texts of a message while it is read, and what goes with them."""

    texts: list[tuple[int, str, str]] = field(default_factory=list)  # alternative it belongs to, type, text
    parts: list[Part] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    size: int = 0  # characters of the texts
    skipped: int = 0  # attachments beyond MAX_PARTS

    def note(self, problem: str) -> None:
        """Remember a Spanish sentence, once."""
        if problem and problem not in self.problems:
            self.problems.append(problem)

    def attach(self, part: Part) -> None:
        """Keep an attachment, or count it when there are too many."""
        if len(self.parts) < MAX_PARTS:
            self.parts.append(part)
        else:
            self.skipped += 1


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a message beside its headers, for where they say nothing."""

    sender: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""
    sent_at: dt.datetime | None = None
    message_ids: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


_NOTHING = Known()


def message_ids(value: str) -> tuple[str, ...]:
    """Message-IDs of a header without their <>; those written without count when they hold an @."""
    found = _ID.findall(value) or [word for word in value.split() if "@" in word]
    ids = tuple(dict.fromkeys(clean_line(one)[:500] for one in found))
    return ids if len(ids) <= MAX_REFERENCES else (ids[0], *ids[1 - MAX_REFERENCES :])


def read_eml(data: bytes) -> Message:
    """Message of the bytes of an .eml, as far as it can be read. Never raises: who calls has looked whether these bytes
    are a message at all.
    """
    headers, start = parse_headers(data, 0, len(data))
    body = Body()
    if not headers.fields:
        body.note("El mensaje no tenía cabeceras; se tomó todo como texto.")
    if headers.was_cut:
        body.note("El mensaje tenía demasiadas cabeceras; solo se leyeron las primeras.")
    walk = Walk()
    for entity in entities(data, headers, start, walk):
        _take(data, entity, body)
    _note_walk(walk, body)
    return build(headers, body)


def build(headers: Headers, body: Body, known: Known = _NOTHING) -> Message:
    """Message of its headers and of what was found in its body; `known` counts where the headers say nothing."""
    senders = parse_addresses(headers.get("from")) or parse_addresses(headers.get("sender"))
    sender = next((one for one in (*senders, known.sender) if one and one.email), None)
    sender = sender or (senders[0] if senders else known.sender)
    if sender is None:
        body.note("Faltaba el remitente.")
    elif not sender.email:
        body.note("La dirección del remitente no se pudo leer.")
    own = message_ids(headers.get("message-id")) or known.message_ids
    replied = message_ids(headers.get("in-reply-to")) or known.in_reply_to
    sent_at = _sent_at(headers, body, known)
    text, html = finish_texts(body)
    return Message(
        message_id=own[0] if own else clean_line(headers.get("message-id")).strip("<> ")[:500],
        in_reply_to=replied[0] if replied else "",
        references=message_ids(headers.get("references")) or known.references,
        sent_at=sent_at,
        sender=sender,
        to=_addresses(headers, "to") or known.to,
        cc=_addresses(headers, "cc") or known.cc,
        bcc=_addresses(headers, "bcc") or known.bcc,
        reply_to=_addresses(headers, "reply-to"),
        subject=known.subject or headers.line("subject"),
        text=text,
        html=html,
        parts=tuple(body.parts),
        headers=tuple((name, clean_line(decode_words(value))) for name, value in headers.fields),
        problems=tuple(body.problems),
    )


def _sent_at(headers: Headers, body: Body, known: Known) -> dt.datetime | None:
    dates = headers.all("date")
    if not dates and known.sent_at:
        return known.sent_at
    if len(dates) > 1:
        body.note("Había varias fechas; se tomó la primera que se pudo leer.")
    sent_at, problem = first_date(dates)
    if sent_at is None:
        received, _ = first_date(value.rpartition(";")[2] for value in headers.all("received"))
        sent_at = known.sent_at or received
        problem = (problem or "Faltaba la fecha.") + (" Se tomó la de recepción." if sent_at else "")
    body.note(problem)
    return sent_at


def _addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    values = headers.all(name) if headers.get(name) else []
    return (
        parse_addresses(values[0]) if len(values) == 1 else tuple(a for value in values for a in parse_addresses(value))
    )


def _note_walk(walk: Walk, body: Body) -> None:
    if walk.too_deep:
        body.note("El mensaje tiene demasiadas partes unas dentro de otras; las más hondas no se leyeron.")
    if walk.no_boundary:
        body.note("Las partes del mensaje no se pudieron separar; se tomaron como texto.")
    if left := body.skipped + walk.left_out:
        read = len(body.parts)
        body.note(f"Se leyeron {read} de {_thousands(read + left)} adjuntos; los demás siguen en el mensaje original.")


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _take(data: bytes, entity: Entity, body: Body) -> None:
    """Put a leaf where it belongs: among the texts or among the attachments."""
    disposition, disposition_parameters = parameters_of(entity.headers.get("content-disposition"))
    raw_name = disposition_parameters.get("filename") or entity.parameters.get("name", "")
    name = clean_line(decode_words(raw_name)) if raw_name else ""
    if entity.mime in _TEXTS and disposition != "attachment" and not name:
        if body.size > 2 * MAX_TEXT:
            body.note(_TOO_LONG)
            return
        raw, whole = content(data, entity)
        text, problem = decode(raw[: MAX_TEXT * 4], entity.parameters.get("charset", ""))
        body.note(problem)
        if not whole:
            body.note("Parte del texto estaba dañada.")
        body.size += len(text)
        body.texts.append((entity.group, entity.mime, clean_text(text)))
        return
    if len(body.parts) >= MAX_PARTS:
        body.skipped += 1  # not even decoded: that is what costs
        return
    raw, whole = content(data, entity)
    if not whole:
        body.note(f"El adjunto «{name or 'sin nombre'}» estaba dañado; se guarda lo que se pudo leer.")
    if entity.mime == "message/rfc822":
        inner, _ = parse_headers(raw, 0, len(raw))
        body.attach(Part(name or named(inner.line("subject")), entity.mime, raw))
        return
    if entity.mime in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat":
        if take_tnef(raw, body):
            return
        name = name or "winmail.dat"
    content_id = clean_line(entity.headers.get("content-id")).strip("<> ")
    body.attach(Part(name or unnamed(entity.mime, len(body.parts) + 1), entity.mime, raw, content_id))


def take_tnef(raw: bytes, body: Body) -> bool:
    """Put what a winmail.dat holds into the message; False when it cannot be read, and it stays an attachment."""
    found = tnef.read(raw)
    if found is None:
        body.note("El adjunto winmail.dat de Outlook no se pudo abrir; se guarda tal cual.")
        return False
    if found.was_cut:
        body.note("El adjunto winmail.dat de Outlook estaba dañado; se guarda lo que se pudo leer.")
    if not any(text.strip() for _, _, text in body.texts):
        body.texts.extend((-1, mime, text) for mime, text in found.texts)
    for part in found.parts:
        body.attach(part)
    return True


def named(subject: str) -> str:
    """Name for a message that is an attachment."""
    return f"{subject[:150] or 'mensaje'}.eml"


def unnamed(mime: str, number: int) -> str:
    """Name for an attachment without one: "adjunto 2.pdf"."""
    import mimetypes

    ending = {"text/plain": ".txt", "text/html": ".html", "image/jpeg": ".jpg"}.get(mime)
    return f"adjunto {number}{ending or mimetypes.guess_extension(mime) or '.bin'}"


def finish_texts(body: Body) -> tuple[str, str]:
    """Text and HTML of the whole message: one version of each alternative, the pieces between which attachments stood
    one after the other; both cut at MAX_TEXT. Marks the attachments that the HTML shows in their place.
    """
    units: dict[int, dict[str, str]] = {}
    for number, (group, mime, text) in enumerate(body.texts):
        unit = units.setdefault(group or -1000 - number, {})
        if text.strip():
            unit[mime] = f"{unit[mime]}\n{text}" if mime in unit else text
    texts, htmls = [], []
    has_html = any("text/html" in unit for unit in units.values())
    for unit in units.values():
        plain, page = unit.get("text/plain", ""), unit.get("text/html", "")
        if plain or page:
            texts.append(plain.strip("\n") if plain.strip() else pages.to_text(page))
        if has_html and (plain or page):
            htmls.append(page or f"<pre>{markup.escape(plain)}</pre>")
    text, html = "\n\n".join(part for part in texts if part), "\n".join(htmls)
    if len(html) > MAX_TEXT:  # pictures written into the page, which are not shown anyway
        html = _PICTURE.sub("data:,", html)
    if len(text) > MAX_TEXT or len(html) > MAX_TEXT:
        body.note(_TOO_LONG)
    if html:
        lowered = html.lower()
        for part in body.parts:
            part.is_inline = bool(part.content_id) and f"cid:{part.content_id.lower()}" in lowered
    return text[:MAX_TEXT], html[:MAX_TEXT]
