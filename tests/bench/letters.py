"""Ten thousand messages as a company has them, and a newsletter: always the same ones, made without a mail library."""

import base64
import random
import textwrap
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path
from quopri import encodestring

from tests.support.post import SENT, US

SENDERS = 200
"""Clients that write; each has an address of its own."""
_SYLLABLES = ("ca", "ma", "rí", "to", "pre", "su", "la", "dor", "ven", "ta", "mi", "ñe", "con", "fé", "gu", "zal")
_HEAD = """\
Return-Path: <{sender}>
Received: from mx{place}.correo.example (mx{place}.correo.example [192.0.2.17]) by post.levante.es (Postfix)
\twith ESMTPS id 4F{place:08X} for <{us}>; {date}
Received: by mail.cliente.example with SMTP id a{place}; {date}
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=cliente.example; s=s1; h=from:to:subject:date;
\tbh={noise};
\tb={noise}{noise}{noise}
From: =?utf-8?q?Ram=C3=B3n_Garc=C3=ADa?= <{sender}>
To: Ana Soler <{us}>, Ventas <ventas{place}@otra.example>
Cc: =?iso-8859-1?Q?Administraci=F3n?= <admin@cliente.example>
Subject: =?utf-8?B?{subject}?=
Date: {date}
Message-ID: <m{place}.{noise}@cliente.example>
X-Mailer: Correo 4.2
MIME-Version: 1.0
"""
_FOOTER = "Este mensaje es confidencial. Si no es usted su destinatario, avísenos y bórrelo. " * 8


def sender(place: int) -> str:
    """The address that a message comes from."""
    return f"correo@cliente{place % SENDERS}.example"


def write(folder: Path, count: int) -> None:
    """Write a corpus: six of ten messages are short text, three have HTML besides, one has an attachment."""
    folder.mkdir()
    chance = random.Random(11)
    for place in range(count):
        made = (_short, _short, _two, _short, _two, _short, _short, _two, _short, _enclosing)[place % 10](chance)
        (folder / f"{place:05}.eml").write_bytes(head(place, chance) + made)


def head(place: int, chance: random.Random) -> bytes:
    """The header of a message, as servers and programs leave it."""
    date = format_datetime(SENT.replace(day=1 + place % 28, minute=place % 60))
    noise = base64.b64encode(chance.randbytes(30)).decode().replace("+", "x").replace("/", "y")
    subject = base64.b64encode(f"Oferta {place}: {_words(chance, 5)}".encode()).decode()
    made = _HEAD.format(place=place, sender=sender(place), us=US, date=date, noise=noise, subject=subject)
    return made.replace("\n", "\r\n").encode()


def _words(chance: random.Random, count: int) -> str:
    return " ".join("".join(chance.choices(_SYLLABLES, k=3)) for _ in range(count))


def _text(chance: random.Random) -> str:
    answered = textwrap.fill(_words(chance, chance.randint(20, 120)), 76, initial_indent="> ", subsequent_indent="> ")
    return f"Buenos días, Ana:\n\n{_words(chance, chance.randint(40, 200))}.\n\nUn saludo\n\n{answered}\n{_FOOTER}"


def _part(kind: str, text: str) -> bytes:
    start = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return start.encode() + encodestring(text.encode()).replace(b"\n", b"\r\n")


def _joined(kind: str, boundary: str, *parts: bytes) -> bytes:
    edge = f"--{boundary}".encode()
    start = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return start + b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"


def _short(chance: random.Random) -> bytes:
    return _part("plain", _text(chance))


def _two(chance: random.Random) -> bytes:
    text = _text(chance)
    rows = "".join(f'<p style="margin:0;font-family:Calibri,sans-serif;color:#1F497D">{_words(chance, 12)}</p>\r\n'
                   for _ in range(chance.randint(20, 80)))  # fmt: skip
    page = f"<html><head><style>p.x{{margin:0}}</style></head><body><p>{text}</p>{rows}</body></html>"
    return _joined("alternative", "alternativa", _part("plain", text), _part("html", page))


def _enclosing(chance: random.Random) -> bytes:
    data = b"%PDF-1.4\n" + chance.randbytes(chance.randint(30_000, 150_000)) + b"\n%%EOF\n"
    start = ('Content-Type: application/pdf; name="oferta.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
             'Content-Disposition: attachment; filename="oferta.pdf"\r\n\r\n')  # fmt: skip
    enclosed = start.encode() + base64.encodebytes(data).replace(b"\n", b"\r\n")
    return _joined("mixed", "mezcla", _two(chance), enclosed)


def newsletter(place: int, size: int = 200_000) -> bytes:
    """A newsletter with HTML of so many bytes: tables within tables, a style at every cell, remote pictures."""
    chance = random.Random(3)
    page = "".join(_offers(chance, size))
    html = f'<html><body style="margin:0"><table width="100%" bgcolor="#f4f4f4"><tr><td align="center">{page}'
    text = _words(chance, 400)
    made = _joined("alternative", "alternativa", _part("plain", text), _part("html", f"{html}</table></body></html>"))
    return head(place, chance) + made


def short(place: int) -> bytes:
    """A message of text alone."""
    chance = random.Random(place)
    return head(place, chance) + _short(chance)


def _offers(chance: random.Random, size: int) -> Iterator[str]:
    cell = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:21px;color:#333333;padding:8px 16px"
    length = 0
    while length < size:
        made = (
            '<table width="600" cellpadding="0" cellspacing="0" border="0"><tr>'
            f'<td width="200" valign="top" style="{cell}"><img src="https://img.example/{length}.jpg" width="168" '
            f'height="120" alt="{_words(chance, 2)}"></td><td valign="top" style="{cell}"><b>{_words(chance, 4)}</b>'
            f'<br>{_words(chance, 60)}<br><a href="https://tienda.example/?id={length}&utm_source=boletin" '
            f'style="color:#0b6e4f">Ver oferta</a></td></tr></table>\r\n'
        )
        length += len(made)
        yield made
