import base64
import datetime as dt
import quopri
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.mail.decoding import clean_line
from oficrm.mail.message import MAX_PARTS, MAX_TEXT, thread_root
from oficrm.mail.mime import MAX_DEPTH, MAX_ENTITIES, parameters_of
from oficrm.mail.reading import read_message
from tests.support.outlook import winmail
from tests.support.patience import ends_soon

HEADER = (
    "From: Ana Pérez <ana@x.es>\r\nTo: ventas@oficina.es\r\nSubject: Pedido nº 5\r\n"
    "Date: Mon, 5 Feb 2024 10:00:00 +0100\r\nMessage-ID: <uno@x.es>\r\n"
).encode()


def mail(body: bytes, *fields: str) -> bytes:
    return HEADER + "".join(f"{field}\r\n" for field in fields).encode() + b"\r\n" + body


def mixed(*parts: bytes, kind: str = "mixed") -> bytes:
    body = b"".join(b"--corte\r\n" + part + b"\r\n" for part in parts) + b"--corte--\r\n"
    return mail(body, f'Content-Type: multipart/{kind}; boundary="corte"')


def file(name: str, data: bytes) -> bytes:
    encoded = base64.encodebytes(data)
    return (
        f'Content-Type: application/pdf; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n'.encode() + encoded
    )


TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\nHola"


def test_an_ordinary_message():
    message = read_message(mixed(TEXT, file("oferta.pdf", b"%PDF-1")))
    assert str(message.sender) == "Ana Pérez <ana@x.es>"
    assert [one.email for one in message.to] == ["ventas@oficina.es"]
    assert message.subject == "Pedido nº 5"
    assert message.sent_at == dt.datetime(2024, 2, 5, 9, tzinfo=dt.UTC)
    assert message.message_id == "uno@x.es"
    assert message.text == "Hola"
    assert [(part.name, part.mime, part.data) for part in message.parts] == [
        ("oferta.pdf", "application/pdf", b"%PDF-1")
    ]
    assert message.problems == ()
    assert ("Subject", "Pedido nº 5") in message.headers


def test_the_plain_version_is_the_text_and_the_html_is_kept():
    message = read_message(mixed(TEXT, b"Content-Type: text/html\r\n\r\n<b>Adi&oacute;s</b>", kind="alternative"))
    assert message.text == "Hola"
    assert message.html == "<b>Adi&oacute;s</b>"
    assert message.parts == ()


LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=90), max_size=6)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=60)


@given(
    LINES, NAMES, NAMES, st.lists(st.tuples(NAMES, st.binary(max_size=300)), max_size=4), st.booleans(), st.booleans()
)
def test_what_the_standard_library_writes_is_read_as_it_was(lines, subject, name, files, html, forwarded):
    text = "\n".join(lines)
    written = EmailMessage()
    written["From"] = Address(name, "ana", "x.es")
    written["Subject"] = subject
    written["Date"] = dt.datetime(2024, 2, 5, 9, tzinfo=dt.UTC)
    written.set_content(text)
    if html:
        written.add_alternative("<p>Otra</p>", subtype="html")
    for file_name, data in files:
        written.add_attachment(data, maintype="application", subtype="zip", filename=file_name)
    if forwarded:
        written.add_attachment(message_from_bytes(mail(b"dentro"), policy=default))
    for policy in (SMTP, default, SMTP.clone(cte_type="7bit"), SMTPUTF8):
        message = read_message(written.as_bytes(policy=policy))
        assert message.text.rstrip() == (text.strip("\n").rstrip() or ("Otra" if html else ""))
        assert message.html.strip() == ("<p>Otra</p>" if html else "")
        assert message.subject == clean_line(subject)
        assert message.sender is not None
        assert (message.sender.name, message.sender.email) == (clean_line(name).strip("'\" "), "ana@x.es")
        found = [(part.name, part.data) for part in message.parts]
        assert found[: len(files)] == [(clean_line(file_name), data) for file_name, data in files]
        assert [part.mime for part in message.parts[len(files) :]] == ["message/rfc822"] * forwarded
        assert message.problems == ()


def test_html_alone_gives_the_text_too():
    message = read_message(mail("<p>Año&nbsp;nuevo</p>".encode(), "Content-Type: text/html; charset=utf-8"))
    assert message.text == "Año nuevo"


def test_pieces_of_text_around_an_attachment_are_one_text():
    last = b"Content-Type: text/html\r\n\r\n<i>Fin</i>"
    message = read_message(mixed(TEXT, file("a.pdf", b"1"), last))
    assert message.text == "Hola\n\nFin"
    assert message.html == "<pre>Hola</pre>\n<i>Fin</i>"
    assert len(message.parts) == 1


def test_pictures_that_the_html_shows_are_inline():
    picture = b"Content-Type: image/png\r\nContent-ID: <Foto@1>\r\n\r\nPNG"
    other = b"Content-Type: image/png\r\nContent-ID: <otra@1>\r\n\r\nPNG"
    page = b'Content-Type: text/html\r\n\r\n<img src="cid:foto@1">'
    message = read_message(mixed(page, picture, other, kind="related"))
    assert [(part.content_id, part.is_inline) for part in message.parts] == [("Foto@1", True), ("otra@1", False)]
    assert message.parts[0].name == "adjunto 1.png"


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("attachment; filename=\"año.pdf\"", "año.pdf"),
        ("attachment; filename=\"=?utf-8?Q?a=C3=B1o.pdf?=\"", "año.pdf"),
        ("attachment; filename*=utf-8'es'a%C3%B1o.pdf", "año.pdf"),
        ("attachment; filename*0*=iso-8859-1''a%F1o; filename*1=\" nuevo\"; filename*2=.pdf", "año nuevo.pdf"),
        ("attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        ("attachment; filename=../../etc/passwd", "../../etc/passwd"),
        ("attachment; filename=\"a\\\"b.pdf\"", "a\"b.pdf"),
        ("attachment; filename=\"factura\u202efdp.exe\"", "facturafdp.exe"),
        ("attachment; filename=sin comillas.pdf", "sin comillas.pdf"),
        ("attachment", "adjunto 1.txt"),
    ],
)  # fmt: skip
def test_names_of_attachments(field, name):
    part = f"Content-Type: text/plain\r\nContent-Disposition: {field}\r\n\r\nx".encode()
    assert [one.name for one in read_message(mixed(TEXT, part)).parts] == [name]


def test_parameters_end_soon_whatever_they_hold():
    for piece in ("; ", ";a=", '"', '; a="', "; a*0=", ";" + " " * 50, "\\"):
        parameters_of("text/plain" + piece * 50_000)


@pytest.mark.parametrize(
    ("encoding", "body", "text", "problem"),
    [
        ("quoted-printable", quopri.encodestring("Año =5".encode()), "Año =5", ""),
        ("quoted-printable", b"A=C3=B1o=ZZ =\r\nfin=", "Año=ZZ fin", ""),
        ("base64", b"QcOxbw==", "Año", ""),
        ("base64", b"QcOxb", "Añ", "dañada"),
        ("x-uuencode", b"begin 644 a\n%2&]L82$ \n`\nend\n", "Hola!", ""),
        ("x-uuencode", b"begin 644 a\n%2&]L82$ \n\xff\xff\n", "Hola!", "dañada"),
        ("raro", "Año".encode(), "Año", ""),
    ],
)
def test_transfer_encodings(encoding, body, text, problem):
    message = read_message(
        mail(body, "Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {encoding}")
    )
    assert message.text == text
    assert problem in " ".join(message.problems)
    assert bool(message.problems) == bool(problem)


def test_a_message_inside_keeps_its_very_bytes():
    inner = mail(b"dentro", "X-Raro: \xff").replace(b"\r\n", b"\n") + b"\n\n \n"
    message = read_message(mixed(TEXT, b"Content-Type: message/rfc822\r\n\r\n" + inner))
    (part,) = message.parts
    assert (part.name, part.mime, part.data) == ("Pedido nº 5.eml", "message/rfc822", inner)
    assert read_message(part.data).text.strip() == "dentro"
    assert message.text == "Hola"


def test_messages_inside_each_other_are_read_one_by_one():
    data = mail(b"fondo")
    for _ in range(200):
        data = b"From: a@x.es\r\nContent-Type: message/rfc822\r\n\r\n" + data
    for _ in range(200):
        (part,) = read_message(data).parts
        data = part.data
    assert read_message(data).text == "fondo"


def test_thousands_of_multiparts_inside_each_other():
    parts = [b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(5000)]
    message = read_message(HEADER + b"".join(parts) + TEXT)
    assert any("unas dentro de otras" in problem for problem in message.problems)
    few = read_message(HEADER + b"".join(parts[: MAX_DEPTH - 1]) + TEXT)
    assert few.text == "Hola"
    assert few.problems == ()


def test_more_attachments_than_anybody_opens():
    message = read_message(mixed(TEXT, *[file(f"{i}.pdf", b"x") for i in range(1000)]))
    assert len(message.parts) == MAX_PARTS
    assert message.problems == ("Se leyeron 500 de 1.000 adjuntos; los demás siguen en el mensaje original.",)


def test_more_pieces_than_are_looked_at():
    message = read_message(mixed(TEXT, *[file("x", b"")] * 20_000))
    assert f"Se leyeron {MAX_PARTS} de 20.00" in message.problems[0]
    assert MAX_ENTITIES < 20_000


def test_a_text_too_long_is_cut():
    message = read_message(mail(b"x " * MAX_TEXT))
    assert len(message.text) == MAX_TEXT
    assert "se recortó" in message.problems[0]


def test_pictures_written_into_the_page_do_not_count_as_text():
    page = b'<img src="data:image/png;base64,' + b"A" * (MAX_TEXT + 10) + b'"><p>Fin</p>'
    message = read_message(mail(page, "Content-Type: text/html"))
    assert message.html == '<img src="data:,"><p>Fin</p>'
    assert message.problems == ()


def test_multiparts_without_boundary_or_end():
    assert read_message(mail(b"Hola", "Content-Type: multipart/mixed")).text == "Hola"
    assert "separar" in read_message(mail(b"Hola", "Content-Type: multipart/mixed; boundary=x")).problems[0]
    cut = read_message(mixed(TEXT, file("a.pdf", b"12345678"))[:-20])
    assert cut.text == "Hola"
    assert len(cut.parts) == 1


def test_a_boundary_that_begins_another():
    inner = b"Content-Type: multipart/alternative; boundary=cortex\r\n\r\n--cortex\r\n" + TEXT + b"\r\n--cortex--"
    message = read_message(mixed(inner, file("a.pdf", b"1")))
    assert message.text == "Hola"
    assert len(message.parts) == 1


@pytest.mark.parametrize("change", [
    lambda data: data.replace(b"\r\n", b"\n"),
    lambda data: data.replace(b"\r\n", b"\r"),
    lambda data: b"\xef\xbb\xbf" + data,
    lambda data: data.decode().encode("utf-16"),
    lambda data: b"From ana@x.es Mon Feb  5 10:00:00 2024\r\n" + data,
    lambda data: b"\r\n\r\n" + data,
    lambda data: data.replace(b"Hola", b"Ho\0la"),
    lambda data: data.replace(b"From: ", b"From : "),
])  # fmt: skip
def test_forms_that_files_come_in(change):
    message = read_message(change(mixed(TEXT, file("a.pdf", b"123"))))
    assert message.text == "Hola"
    assert message.sender is not None
    assert message.sender.email == "ana@x.es"
    assert message.parts[0].data == b"123"
    assert message.problems == ()


def test_headers_in_latin1_that_nobody_encoded():
    message = read_message("From: José <j@x.es>\nSubject: Año\nDate: 1 Jan 2024 10:00 +0000\n\nx".encode("cp1252"))
    assert message.subject == "Año"
    assert str(message.sender) == "José <j@x.es>"


def test_headers_in_the_charset_of_the_body():
    raw = "From: j@x.es\nSubject: Привет\nContent-Type: text/plain; charset=koi8-r\n\nмир".encode("koi8-r")
    message = read_message(raw)
    assert (message.subject, message.text) == ("Привет", "мир")


def test_no_headers_at_all():
    message = read_message(b"Hola, te escribo\nsin cabeceras.")
    assert message.text == "Hola, te escribo\nsin cabeceras."
    assert "no tenía cabeceras" in message.problems[0]


def test_headers_and_nothing_else():
    message = read_message(HEADER)
    assert (message.subject, message.text, message.parts) == ("Pedido nº 5", "", ())


def test_a_line_that_is_no_header_begins_the_body():
    assert (
        read_message(b"From: a@x.es\nSubject: B\nHola: no\nEsto ya es texto\ny esto.").text
        == "Esto ya es texto\ny esto."
    )
    assert read_message("From: a@x.es\nSubject: ñandú\nTexto ñ".encode()).text == "Texto ñ"


def test_thousands_of_headers():
    message = read_message(b"From: a@x.es\n" + b"X-A: b\n" * 100_000 + b"\nHola")
    assert message.text == "Hola"
    assert "demasiadas cabeceras" in message.problems[0]


def test_who_sent_it_when_from_is_missing():
    assert "Faltaba el remitente." in read_message(b"To: a@x.es\n\nx").problems
    sender = read_message(b"Sender: Ana <a@x.es>\n\nx").sender
    assert str(sender) == "Ana <a@x.es>"
    assert "no se pudo leer" in read_message(b"From: Ana\nDate: 1 Jan 2024 10:00 +0000\n\nx").problems[0]


def test_dates_missing_wrong_or_several():
    missing = read_message(b"From: a@x.es\nReceived: by x; Mon, 5 Feb 2024 10:00:00 +0000\n\nx")
    assert missing.sent_at == dt.datetime(2024, 2, 5, 10, tzinfo=dt.UTC)
    assert missing.problems == ("Faltaba la fecha. Se tomó la de recepción.",)
    none = read_message(b"From: a@x.es\nDate: nunca\n\nx")
    assert none.sent_at is None
    assert none.problems == ("La fecha no se pudo leer.",)
    several = read_message(b"From: a@x.es\nDate: nunca\nDate: 5 Feb 2024 10:00:00 +0000\n\nx")
    assert several.sent_at == dt.datetime(2024, 2, 5, 10, tzinfo=dt.UTC)
    assert len(several.problems) == 2


def test_the_subject_stays_one_line_and_harmless():
    message = read_message(b"From: a@x.es\nSubject: =?utf-8?Q?a=0D=0ABcc:_b=00=E2=80=AEc?=\n\nx")
    assert message.subject == "a Bcc: bc"
    assert message.bcc == ()


def test_threads():
    reply = read_message(HEADER + b"In-Reply-To: <dos@x>\r\nReferences: <cero@x>\r\n <dos@x> <dos@x>\r\n\r\nx")
    assert reply.references == ("cero@x", "dos@x")
    assert (reply.in_reply_to, thread_root(reply)) == ("dos@x", "cero@x")
    assert thread_root(read_message(HEADER + b"In-Reply-To: Su mensaje <dos@x> de ayer\r\n\r\nx")) == "dos@x"
    assert thread_root(read_message(HEADER)) == "uno@x.es"
    many = read_message(HEADER + b"References: " + b" ".join(b"<%d@x>" % i for i in range(5000)) + b"\r\n\r\nx")
    assert (many.references[0], many.references[-1], len(many.references)) == ("0@x", "4999@x", 200)


def test_winmail_is_opened():
    data = winmail(b"Hola de Outlook", None, [("año.xlsx", b"1234")])
    only = mail(base64.encodebytes(data), "Content-Type: application/ms-tnef", "Content-Transfer-Encoding: base64")
    message = read_message(only)
    assert message.text == "Hola de Outlook"
    assert [(part.name, part.data) for part in message.parts] == [("año.xlsx", b"1234")]
    beside = read_message(mixed(TEXT, file("winmail.dat", data)))
    assert beside.text == "Hola"
    assert [part.name for part in beside.parts] == ["año.xlsx"]


def test_a_broken_winmail_stays_an_attachment():
    message = read_message(mixed(TEXT, file("winmail.dat", b"\x78\x9f\x3e\x22basura")))
    assert [part.name for part in message.parts] == ["winmail.dat"]
    assert "winmail.dat" in message.problems[0]


def _nested(boundaries: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n" % (b"-" * (i + 1)) for i in range(boundaries))


@pytest.mark.parametrize(
    "data",
    [
        b"From: a@x.es\n" + b" \n" * 1_000_000,
        b"From: a@x.es\nSubject: " + b"=?utf-8?Q?a?= " * 120_000,
        b"From: a" + b" a" * 300_000 + b"@ " + b": " * 300_000 + b"\n\nx",
        b"To: " + b"(" * 1_000_000,
        b"Content-Type: multipart/mixed; boundary=-\n\n" + b"-" * 5_000_000,
        b"Content-Type: multipart/mixed; boundary=-\n\n" + b"---x\n" * 1_000_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 1_000_000,
        _nested(39) + b"---\n" * 500_000,
        b"Content-Type: multipart/alternative; boundary=b\n\n" + (b"--b\n\n" + b"x" * 2000 + b"\n") * 4900,
        b"Content-Type: " + b"; a" * 300_000 + b"\n\nx",
        b"From: a@x.es\n" + b"Date: x\n" * 1900 + b"\nx",
        b"From: a@x.es\nContent-Type: text/html\n\n" + b"<a>x" * 100_000 + b"</a>" * 100_000,
    ],
    ids=range(12),
)
def test_messages_made_to_be_slow_end_soon(data):
    with ends_soon():
        read_message(data)
