import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.files.catalogue import KNOWN
from oficrm.files.kinds import Danger, Kind, kind_of, kind_of_mime, kind_of_stream, open_warning
from oficrm.files.limits import HEAD_BYTES

PE = b"MZ\x90\0\3\0\0\0" + b"\0" * 52 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0"
ELF = b"\x7fELF\2\1\1\0" + b"\0" * 60
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 60
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
MAIL = b"Received: from a by b\r\nFrom: Ana <ana@example.com>\r\nSubject: Hola\r\nDate: today\r\n\r\nHola\r\n"


def zipped(*members: str, first: tuple[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if first:
            archive.writestr(*first)
        for member in members:
            archive.writestr(member, b"x" * 100)
    return out.getvalue()


def compound(*streams: str, root_class: bytes = b"\0" * 16, directory: int = 0) -> bytes:
    """A compound file with nothing but its directory, in sector `directory`."""
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504)
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 48, directory)
    entries = b""
    for name in ("Root Entry", *streams):
        raw = name.encode("utf-16-le")
        entries += raw.ljust(64, b"\0") + struct.pack("<H", len(raw) + 2) + b"\0" * 14 + root_class + b"\0" * 32
    return bytes(head) + b"\0" * (512 * directory) + entries


OFFICE = ("[Content_Types].xml", "_rels/.rels")

# name, bytes, label, icon, what it can set off, preview
CASES = [
    ("factura.pdf", PDF, "PDF", "file_pdf", Danger.NONE, "pdf"),
    ("factura", PDF, "PDF", "file_pdf", Danger.NONE, "pdf"),
    ("factura.pdf", b"\r\n\r\n" + PDF, "PDF", "file_pdf", Danger.NONE, "pdf"),
    ("factura.pdf", b"Esto no es un PDF", "Texto", "file_text", Danger.NONE, "text"),
    ("factura.pdf", PE, "Programa (Windows)", "file_program", Danger.EXECUTABLE, ""),
    ("MZ.txt", b"MZ-2024, presupuesto", "Texto", "file_text", Danger.NONE, "text"),
    ("x.pdf", ELF, "Programa (Linux)", "file_program", Danger.EXECUTABLE, ""),
    ("x", b"\xcf\xfa\xed\xfe" + b"\0" * 30, "Programa (macOS)", "file_program", Danger.EXECUTABLE, ""),
    ("x", b"\xca\xfe\xba\xbe\0\0\0\2" + b"\0" * 30, "Programa (macOS)", "file_program", Danger.EXECUTABLE, ""),
    ("X.class", b"\xca\xfe\xba\xbe\0\0\0\x3d" + b"\0" * 30, "Programa (Java)", "file_program", Danger.EXECUTABLE, ""),
    ("nota.txt", b"#!/bin/sh\nrm -rf ~\n", "Guion (script)", "file_program", Danger.EXECUTABLE, "text"),
    ("nota.txt", b"@ECHO OFF\r\ndel *.*\r\n", "Guion (script)", "file_program", Danger.EXECUTABLE, "text"),
    ("nota.js", b"alert(1)", "Guion (script)", "file_program", Danger.EXECUTABLE, "text"),
    ("nota.ps1", "\ufeffWrite-Host".encode("utf-16-le"), "Guion (script)", "file_program", Danger.EXECUTABLE, "text"),
    ("nota.bat", b"", "Guion (script)", "file_program", Danger.EXECUTABLE, "text"),
    ("foto.png.scr", PNG, "Programa", "file_program", Danger.EXECUTABLE, ""),
    ("foto.jpg", b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60, "Acceso directo", "file_program", Danger.EXECUTABLE, ""),
    ("a.txt", b"[InternetShortcut]\r\nURL=file:///c:/a.exe", "Acceso directo", "file_program", Danger.EXECUTABLE, ""),
    ("a", b"[Desktop Entry]\nExec=rm", "Acceso directo", "file_program", Danger.EXECUTABLE, ""),
    ("foto.png", PNG, "Imagen PNG", "file_image", Danger.NONE, "image"),
    ("foto.png", b"\xff\xd8\xff\xe0\0\x10JFIF", "Imagen JPEG", "file_image", Danger.NONE, "image"),
    ("foto.webp", b"RIFF\x10\0\0\0WEBPVP8 " + b"\1" * 40, "Imagen WebP", "file_image", Danger.NONE, "image"),
    ("logo.svg", b"<?xml version='1.0'?>\n<svg xmlns=''/>", "Dibujo SVG", "file_image", Danger.ACTIVE, "image"),
    ("logo.txt", b"<svg onload='a()'/>", "Dibujo SVG", "file_image", Danger.ACTIVE, "image"),
    ("a.html", b"Hola", "Página web", "file_text", Danger.ACTIVE, "text"),
    ("a.txt", b"\xef\xbb\xbf  <!DOCTYPE html><p>", "Página web", "file_text", Danger.ACTIVE, "text"),
    ("a.pdf", "\ufeff<HTML><script>".encode("utf-16-be"), "Página web", "file_text", Danger.ACTIVE, "text"),
    ("a.xml", b"<?xml version='1.0'?><pedido/>", "XML", "file_text", Danger.NONE, "text"),
    ("a.html", PNG, "Imagen PNG", "file_image", Danger.ACTIVE, "image"),
    ("a.iso", b"\0" * 500, "Imagen de disco", "file_archive", Danger.ACTIVE, ""),
    ("a.docx", zipped(*OFFICE, "word/document.xml"), "Documento de Word", "file_word", Danger.NONE, ""),
    ("a.zip", zipped(*OFFICE, "word/document.xml"), "Documento de Word", "file_word", Danger.NONE, ""),
    ("a.xlsx", zipped(*OFFICE, "xl/workbook.xml"), "Libro de Excel", "file_excel", Danger.NONE, ""),
    ("a.xlsx", zipped(*OFFICE), "Libro de Excel", "file_excel", Danger.NONE, ""),
    ("a.pptx", zipped(*OFFICE, "ppt/presentation.xml"), "Presentación de PowerPoint", "file_slides", Danger.NONE, ""),
    (
        "a.docx",
        zipped(*OFFICE, "word/document.xml", "word/vbaProject.bin"),
        "Documento de Word con macros",
        "file_word",
        Danger.ACTIVE,
        "",
    ),
    ("a.xlsm", zipped(*OFFICE, "xl/workbook.xml"), "Libro de Excel", "file_excel", Danger.ACTIVE, ""),
    (
        "a.odt",
        zipped("content.xml", first=("mimetype", b"application/vnd.oasis.opendocument.text")),
        "Documento de texto (ODF)",
        "file_word",
        Danger.NONE,
        "",
    ),
    ("fotos.zip", zipped("a.png", "xl/a.png"), "Archivo comprimido", "file_archive", Danger.NONE, ""),
    ("a.zip", zipped("META-INF/MANIFEST.MF", "A.class"), "Programa (Java)", "file_program", Danger.EXECUTABLE, ""),
    ("a.zip", zipped("AndroidManifest.xml"), "Aplicación de Android", "file_program", Danger.EXECUTABLE, ""),
    ("a.pdf", zipped("AppxManifest.xml"), "Instalador (Windows)", "file_program", Danger.EXECUTABLE, ""),
    ("a.doc", compound("WordDocument"), "Documento de Word", "file_word", Danger.NONE, ""),
    ("a.doc", compound("WordDocument", "Macros"), "Documento de Word con macros", "file_word", Danger.ACTIVE, ""),
    ("a.doc", compound("Workbook"), "Libro de Excel", "file_excel", Danger.NONE, ""),
    ("a.xls", compound(), "Libro de Excel", "file_excel", Danger.NONE, ""),
    ("a.msg", compound("__properties_version1.0"), "Correo de Outlook", "file_mail", Danger.NONE, "mail"),
    ("a.msg", compound("WordDocument"), "Documento de Word", "file_word", Danger.NONE, ""),
    ("a.docx", compound("EncryptedPackage"), "Documento de Office con contraseña", "document", Danger.NONE, ""),
    (
        "a.doc",
        compound(root_class=bytes.fromhex("84100c0000000000c000000000000046")),
        "Instalador (Windows)",
        "file_program",
        Danger.EXECUTABLE,
        "",
    ),
    ("a.eml", MAIL, "Correo", "file_mail", Danger.NONE, "mail"),
    ("a.txt", MAIL, "Correo", "file_mail", Danger.NONE, "mail"),
    ("a.eml", b"Hola, sin cabeceras", "Correo", "file_mail", Danger.NONE, "mail"),
    ("a.eml", b"Subject: a\r\n\r\n\0\0\1\xff", "Correo", "file_mail", Danger.NONE, "mail"),
    ("a.txt", b"From: Ana\nTo: Luis\nSubject: apunte\n\nHola", "Texto", "file_text", Danger.NONE, "text"),
    ("inbox", b"From ana Mon\n" + MAIL, "Buzón de correo", "file_mail", Danger.NONE, ""),
    ("a.mht", b"MIME-Version: 1.0\r\n" + MAIL, "Página web archivada", "file_text", Danger.ACTIVE, "text"),
    ("winmail.dat", b"\x78\x9f\x3e\x22" + b"\0" * 9, "Adjuntos de Outlook", "file_mail", Danger.NONE, ""),
    ("a.txt", "España, ñandú".encode("latin-1"), "Texto", "file_text", Danger.NONE, "text"),
    ("a.csv", b"a;b\n1;2\n", "Texto CSV", "file_text", Danger.NONE, "text"),
    ("a.rtf", b"{\\rtf1 hola}", "Texto con formato (RTF)", "file_word", Danger.NONE, ""),
    ("a.rar", b"Rar!\x1a\x07\1\0" + b"\0" * 9, "Archivo comprimido", "file_archive", Danger.NONE, ""),
    ("a.mp3", b"ID3\3\0\0\0\0\0" + b"\0" * 90, "Audio MP3", "file_audio", Danger.NONE, ""),
    ("a.txt", b"ID3 es una etiqueta", "Texto", "file_text", Danger.NONE, "text"),
    ("a.mp4", b"\0\0\0\x20ftypisom" + b"\0" * 90, "Vídeo MP4", "file_video", Danger.NONE, ""),
    ("a.flv", b"FLV\1\5" + b"\0" * 90, "Vídeo", "file_video", Danger.NONE, ""),
    ("a.dat", b"\x07\x03\x91\x02" * 30, "Otro", "document", Danger.NONE, ""),
    ("vacío.pdf", b"", "Archivo vacío", "document", Danger.NONE, ""),
]


@pytest.mark.parametrize(("name", "data", "label", "icon", "danger", "preview"), CASES)
def test_kind_is_told_by_content_and_by_what_the_name_would_run(name, data, label, icon, danger, preview):
    kind = kind_of(name, data)
    assert (kind.label, kind.icon, kind.danger, kind.previewable) == (label, icon, danger, preview)
    assert kind.is_executable is (danger is Danger.EXECUTABLE)


def test_end_of_a_zip_file_tells_what_its_beginning_leaves_open():
    data = zipped("[Content_Types].xml", *(f"docProps/{n}.xml" for n in range(200)), "word/vbaProject.bin")
    assert kind_of("a.zip", data[:4096]).icon == "file_archive"
    stream = io.BytesIO(data)
    stream.seek(77)
    assert kind_of_stream("a.zip", stream).label == "Documento de Word con macros"
    assert stream.tell() == 0


def test_directory_of_a_compound_file_is_read_where_it_stands():
    data = compound("__properties_version1.0", directory=60)
    assert kind_of("a.dat", data[:HEAD_BYTES]).label == "Documento compuesto"
    assert kind_of_stream("a.dat", io.BytesIO(data)).label == "Correo de Outlook"


def test_a_compound_file_whose_directory_lies_outside_is_still_told_by_its_name():
    data = bytearray(compound())
    struct.pack_into("<I", data, 48, 0x00FFFFFF)
    assert kind_of_stream("a.doc", io.BytesIO(bytes(data))).label == "Documento de Word"


@pytest.mark.parametrize("mime", sorted(KNOWN))
def test_kind_comes_back_from_its_stored_type(mime):
    assert kind_of_mime(mime) == KNOWN[mime]
    assert len(mime) <= 120
    assert len(KNOWN[mime].label) <= 44  # " con macros" still fits the column


def test_unknown_types_fall_into_their_family():
    assert kind_of_mime("audio/x-aiff").label == "Audio"
    assert kind_of_mime("nonsense").label == "Otro"
    assert kind_of_mime("font/" + "x" * 300).mime == "font/" + "x" * 115


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("factura.pdf", PE, "Se llama «factura.pdf», pero es un programa de Windows. Al abrirlo se ejecuta"),
        ("factura.pdf.exe", PE, "«factura.pdf.exe» parece un archivo .pdf, pero acaba en .exe y es un programa"),
        ("setup.exe", PE, "«setup.exe» es un programa de Windows. Al abrirlo se ejecuta"),
        ("a.html", b"<p>", "«a.html» es una página web, que puede traer programas. Ábralo solo si"),
        ("a.xlsm", zipped(*OFFICE, "xl/a"), "«a.xlsm» es un documento con macros (pequeños programas). Ábralo solo"),
        ("instalar", ELF, "«instalar» es un programa de Linux. Al abrirlo se ejecuta"),
    ],
)
def test_warning_says_what_it_is_and_what_it_pretends_to_be(name, data, said):
    warning = open_warning(name, kind_of(name, data))
    assert warning is not None
    assert warning.startswith(said)


@pytest.mark.parametrize("row", [row for row in CASES if row[4] is Danger.NONE], ids=lambda row: row[0])
def test_harmless_files_open_without_a_word(row):
    assert open_warning(row[0], kind_of(row[0], row[1])) is None


starts = st.sampled_from([row[1][:64] for row in CASES])


@given(st.text(max_size=40), st.builds(bytes.__add__, starts, st.binary(max_size=600)), st.binary(max_size=400))
def test_no_bytes_and_no_name_raise(name, head, tail):
    kind = kind_of(name, head, tail)
    assert isinstance(kind, Kind)
    assert len(kind.mime) <= 120
    assert len(kind.label) <= 60
    assert (open_warning(name, kind) is None) == (kind.danger is Danger.NONE)
    assert kind_of_stream(name, io.BytesIO(head)).is_executable or not kind_of(name, head).is_executable


@given(st.binary(max_size=300), st.text(max_size=20))
def test_a_runnable_ending_is_dangerous_whatever_the_content(data, name):
    assert kind_of(name + ".exe", data).is_executable
    assert kind_of(name + ".lnk  ", data).is_executable
