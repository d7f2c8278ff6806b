"""Messages of Outlook (.msg, MS-OXMSG) made a Message."""

import base64
import hashlib
import re
import struct
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

from oxmsg.storage import Storage

from oficrm.mail import mapi, ole
from oficrm.mail.addresses import make_address
from oficrm.mail.eml import Body, Known, build, message_ids, named, unnamed
from oficrm.mail.mapi import Properties
from oficrm.mail.message import MAX_PARTS, Address, Message, Part, Unreadable
from oficrm.mail.mime import Headers, parse_headers

MAX_INSIDE = 5  # messages inside each other that are taken out
_ROOT_HEADER, _EMBEDDED_HEADER, _SMALL_HEADER = 32, 24, 8  # bytes before the values of a properties stream
_PROPERTIES = "__properties_version1.0"
_VALUE_STREAM = "__substg1.0_"
_MIME = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}")
_NAMES = tuple(name.encode("utf-16-le") for name in (_PROPERTIES, _VALUE_STREAM))


def looks_like_message(data: bytes) -> bool:
    """Whether a compound file holds streams as only messages of Outlook have them."""
    return any(name in data for name in _NAMES)


def read_msg(data: bytes) -> Message:
    """Message of the bytes of a .msg, as far as it can be read.

    Raises Unreadable when it is another kind of compound file (a .doc, an .xls) or too damaged to hold anything.
    """
    if not looks_like_message(data):
        raise Unreadable("El archivo es un documento de Office o de otro programa, no un mensaje de Outlook.")
    try:
        storage, broken = ole.load(data)
    except ole.Damaged as error:
        raise Unreadable("El mensaje de Outlook está dañado y no se pudo leer.") from error
    message = _message(storage, _ROOT_HEADER, broken, 0)
    if message is None:
        raise Unreadable("El mensaje de Outlook está dañado: no contiene nada que se pueda leer.")
    return message


def _properties(storage: Storage, header: int) -> Properties:
    """Values of a storage: the short ones stand in one stream, the others have one each (MS-OXMSG 2.4). A stream
    that is there counts although the list of them is broken.
    """
    properties = Properties()
    for stream in storage.streams:
        if stream.name == _PROPERTIES:
            raw = stream.bytes_[header : header + 16 * 5000]
            for kind, number, payload in struct.iter_unpack("<HH4x8s", raw[: len(raw) // 16 * 16]):
                if kind in (mapi.INTEGER, mapi.TIME):
                    properties.add(number, kind, payload)
        elif stream.name.startswith(_VALUE_STREAM) and len(stream.name) == len(_VALUE_STREAM) + 8:
            try:
                code = int(stream.name[-8:], 16)
            except ValueError:
                continue  # a value of several: its first part has a name of its own
            properties.add(code >> 16, code & 0xFFFF, stream.bytes_)
    return properties


def _message(storage: Storage, header: int, broken: int, level: int) -> Message | None:
    properties = _properties(storage, header)
    if not properties:
        return None
    body = Body()
    if broken:
        body.note("El mensaje de Outlook estaba dañado; se leyó lo que se pudo.")
    texts, problems = properties.texts()
    for problem in problems:
        body.note(problem)
    body.texts = [(1, mime, text) for mime, text in texts]
    for child in storage.iter_attachment_storages():
        _attach(child, body, level)
    if body.skipped:
        read = len(body.parts)
        body.note(f"Se leyeron {read} de {read + body.skipped} adjuntos; los demás siguen en el mensaje original.")
    raw = properties.text(mapi.TRANSPORT_HEADERS).encode()
    headers = parse_headers(raw, 0, len(raw))[0] if raw else Headers([])
    return build(headers, body, _known(properties, storage))


def _known(properties: Properties, storage: Storage) -> Known:
    """What Outlook knows of a message beside its internet headers, which a message never sent or sent inside a company
    does not have.
    """
    people: dict[int, list[Address]] = {}
    for child in storage.iter_recipient_storages():
        recipient = _properties(child, _SMALL_HEADER)
        kind = (recipient.integer(mapi.RECIPIENT_TYPE) or 1) & 0xF
        address = recipient.line(mapi.SMTP) or _internet(recipient.line(mapi.EMAIL))
        people.setdefault(kind, []).append(make_address(recipient.line(mapi.DISPLAY_NAME), address))
    for kind, number in ((1, mapi.DISPLAY_TO), (2, mapi.DISPLAY_CC), (3, mapi.DISPLAY_BCC)):
        if kind not in people and (names := properties.line(number)):
            people[kind] = [make_address(name, "") for name in names.split(";")[:MAX_PARTS] if name.strip()]
    name = properties.line(mapi.FOR_NAME) or properties.line(mapi.SENDER_NAME)
    addresses = (mapi.FOR_SMTP, mapi.SENDER_SMTP, mapi.FOR_EMAIL, mapi.SENDER_EMAIL)
    email = next((found for number in addresses if (found := _internet(properties.line(number)))), "")
    return Known(
        sender=make_address(name, email) if name or email else None,
        to=tuple(people.get(1, ())),
        cc=tuple(people.get(2, ())),
        bcc=tuple(people.get(3, ())),
        subject=properties.line(mapi.SUBJECT),
        sent_at=properties.time(mapi.SUBMIT_TIME) or properties.time(mapi.DELIVERY_TIME),
        message_ids=message_ids(properties.line(mapi.MESSAGE_ID)),
        in_reply_to=message_ids(properties.line(mapi.IN_REPLY_TO)),
        references=message_ids(properties.line(mapi.REFERENCES)),
    )


def _internet(text: str) -> str:
    """The address, unless it is a path of Exchange (X.500: /O=.../CN=...)."""
    return text if "@" in text and not text.startswith("/") else ""


def _attach(storage: Storage, body: Body, level: int) -> None:
    if len(body.parts) >= MAX_PARTS:
        body.skipped += 1
        return
    properties = _properties(storage, _SMALL_HEADER)
    part = properties.attachment()
    inside = next((s for s in storage.storages if s.name == f"{_VALUE_STREAM}3701000D"), None)
    if inside is not None and part.data == b"":
        message = _message(inside, _EMBEDDED_HEADER, 0, level + 1) if level < MAX_INSIDE else None
        if message is None:
            body.note(f"El adjunto «{part.name or 'sin nombre'}» es un objeto de Outlook que no se pudo leer.")
            return
        body.attach(Part(named(message.subject or part.name), "message/rfc822", to_eml(message)))
        return
    part.name = part.name or unnamed(part.mime, len(body.parts) + 1)
    if part.data == b"" and properties.binary(mapi.ATTACH_DATA) is None:
        body.note(f"El adjunto «{part.name}» no tenía contenido.")
    body.attach(part)


def to_eml(message: Message) -> bytes:
    """The message in internet form: for one inside a .msg, which has no bytes of its own that could stand alone."""
    # Boundaries told from the content, so that the same message gives the same bytes and is kept once
    seed = hashlib.sha256("\0".join((message.message_id, message.subject, message.text)).encode()).hexdigest()[:32]
    written = MIMEMultipart("mixed", boundary=f"=_{seed}_m")
    for name, people in (
        ("From", (message.sender,)), ("To", message.to), ("Cc", message.cc), ("Reply-To", message.reply_to),
    ):  # fmt: skip
        if listed := ", ".join(_written(one) for one in people if one):
            written[name] = listed
    if message.sent_at:
        written["Date"] = format_datetime(message.sent_at)
    written["Subject"] = Header(message.subject, "utf-8").encode()
    ids = {"Message-ID": [message.message_id], "In-Reply-To": [message.in_reply_to], "References": message.references}
    for name, values in ids.items():
        if listed := " ".join(f"<{one}>" for one in values if one and one.isascii()):
            written[name] = listed
    texts = MIMEMultipart("alternative", boundary=f"=_{seed}_a")
    texts.attach(MIMEText(message.text, "plain", "utf-8"))
    if message.html:
        texts.attach(MIMEText(message.html, "html", "utf-8"))
    written.attach(texts)
    for part in message.parts:
        main, _, sub = part.mime.partition("/")
        known = _MIME.fullmatch(part.mime) and main not in ("multipart", "text")
        child = MIMEBase(main, sub) if known else MIMEBase("application", "octet-stream")
        child.set_payload(base64.encodebytes(part.data).decode("ascii"))
        child["Content-Transfer-Encoding"] = "base64"
        child.add_header("Content-Disposition", "attachment", filename=("utf-8", "", part.name))
        if part.content_id.isascii() and part.content_id:
            child["Content-ID"] = f"<{part.content_id}>"
        written.attach(child)
    return written.as_bytes()


def _written(address: Address) -> str:
    name = Header(address.name, "utf-8").encode() if address.name else ""
    return f"{name} <{address.email if address.email.isascii() else ''}>".strip()
