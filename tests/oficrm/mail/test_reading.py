import os
import tracemalloc
from pathlib import Path

import pytest

from oficrm.mail.message import MIB, Unreadable
from oficrm.mail.reading import is_message, read_bytes, read_file, read_message
from tests.support.outlook import compound_file, msg

EML = b"From: a@x.es\r\nTo: b@x.es\r\nSubject: Hola\r\n\r\nTexto"
DOC = compound_file({"WordDocument": b"x" * 5000, "1Table": b"y" * 100, "\x05SummaryInformation": b"z"})
STARTS = [EML, b"\xef\xbb\xbf" + EML, b"From a Mon\n" + EML, EML.replace(b"\r\n", b"\r"), msg({})]
OTHERS = [b"", b"Hola, mundo", b"nota\nTo: a@x.es", b"a,b,c\n1,2,3", b"<html>", b"clave: valor\n"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "vacío"),
        (b" \r\n\t\r\n", "vacío"),
        (b"\0" * 5000, "vacío"),
        (b"%PDF-1.7\n...", "no es un mensaje"),
        (b"PK\x03\x04" + bytes(100), "no es un mensaje"),
        (bytes(range(256)) * 50, "no es un mensaje"),
        (b"{\\rtf1 hola}", "no es un mensaje"),
        (DOC, "documento de Office"),
        (DOC[:300], "documento de Office"),
    ],
)
def test_what_is_no_message_is_said_to_be_none(data, words):
    with pytest.raises(Unreadable, match=words):
        read_message(data)
    assert not is_message(data)


@pytest.mark.parametrize("data", STARTS)
def test_messages_are_told_by_their_start(data):
    assert is_message(data)
    read_message(data)


@pytest.mark.parametrize("data", OTHERS)
def test_other_texts_are_no_messages(data):
    assert not is_message(data)


def test_a_message_over_the_limit_is_refused(tmp_path: Path):
    with pytest.raises(Unreadable, match="ocupa 2,1 MB y el límite es 1 MB"):
        read_message(EML + b"x" * 2 * MIB, limit=MIB)
    path = tmp_path / "grande.eml"
    path.write_bytes(EML + b"x" * 2 * MIB)
    with pytest.raises(Unreadable, match="ocupa 2,1 MB y el límite es 1 MB"):
        read_file(path, limit=MIB)


def test_a_file_is_read(tmp_path: Path):
    path = tmp_path / "mensaje.eml"
    path.write_bytes(EML)
    assert read_file(path).subject == "Hola"


def test_a_folder_or_nothing_in_its_place(tmp_path: Path):
    with pytest.raises(Unreadable, match="es una carpeta"):
        read_file(tmp_path)
    with pytest.raises(Unreadable, match="ya no está"):
        read_file(tmp_path / "no.eml")
    with pytest.raises(Unreadable, match="no se pudo leer"):
        read_file(Path("a\0b.eml"))


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "mensaje.eml"
    path.write_bytes(EML)

    def refuse(*_: object) -> int:
        raise PermissionError(13, "no")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(Unreadable, match="permiso"):
        read_file(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes in folders are of Unix")
def test_a_pipe_is_not_waited_for(tmp_path: Path):
    path = tmp_path / "tubo.eml"
    os.mkfifo(path)
    with pytest.raises(Unreadable, match="no es un archivo corriente"):
        read_file(path)


def test_a_file_that_changes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "mensaje.eml"
    path.write_bytes(EML)
    looked = os.fstat

    def grow(descriptor: int) -> os.stat_result:
        found = looked(descriptor)
        with path.open("ab") as file:
            file.write(b"mas")
        return found

    monkeypatch.setattr(os, "fstat", grow)
    with pytest.raises(Unreadable, match="cambió mientras se leía"):
        read_bytes(path)


def test_fifty_megabytes_of_base64_take_a_small_multiple_of_memory():
    line = b"QUJD" * 18 + b"\r\n"
    data = (
        b"From: a@x.es\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + line * (50 * MIB // len(line))
    )
    tracemalloc.start()
    try:
        message = read_message(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(message.parts[0].data) > 36 * MIB
    assert peak < 1.5 * len(data)  # beside the bytes themselves
