import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.files.endings import RUNNABLE, ending_of
from oficrm.files.kinds import kind_of
from oficrm.files.names import clean_name, free_name, has_double_ending, safe_name

TEXT = kind_of("a.txt", b"hola")
PROGRAM = kind_of("a.exe", b"MZ\0\0\0\0")
NAMES = st.text(
    st.one_of(st.characters(), st.sampled_from('ab./\\:*?"<>| \t\n\0-~\u202e\u2066\u200f\ud800ñe\u0301')), max_size=300
)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("informe.pdf", "informe.pdf"),
        ("../../etc/passwd", "passwd"),
        ("D:\\Carpeta\\informe.pdf", "informe.pdf"),
        ("carpeta/", "carpeta"),
        ("factura\u202efdp.exe", "facturafdp.exe"),
        ("\u2066a\u2069\u200e\u200f\u061cb.txt", "ab.txt"),
        ("a\0b\x07c\x7f.txt", "abc.txt"),
        ("a\ud800b.txt", "ab.txt"),
        ("  mi   informe\t\r\n final .pdf ", "mi informe final .pdf"),
        ("Espan\u0303a.pdf", "España.pdf"),
        ("", "archivo"),
        ("...", "archivo"),
        ("/", "archivo"),
        ("\u202e", "archivo"),
        (".gitignore", ".gitignore"),
        ("👨‍👩‍👧.png", "👨‍👩‍👧.png"),
    ],
)
def test_kept_name_has_no_folder_and_nothing_invisible(given_name, kept):
    assert clean_name(given_name) == kept


def test_long_name_keeps_its_ending():
    kept = clean_name("ñ" * 500 + ".docx")
    assert len(kept) == 200
    assert kept.endswith("ñ.docx")
    assert len(clean_name("a" * 300)) == 200
    assert len(clean_name("a." + "b" * 300)) == 200


@given(NAMES)
def test_kept_names_are_shown_as_they_are(name):
    kept = clean_name(name)
    assert 0 < len(kept) <= 200
    assert not set(kept) & set("/\\")
    assert not any(unicodedata.category(c) in ("Cc", "Cs") or unicodedata.bidirectional(c) in BIDI for c in kept)
    assert unicodedata.is_normalized("NFC", kept)
    assert clean_name(kept) == kept


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize(
    ("kept", "on_disk"),
    [
        ("informe.pdf", "informe.pdf"),
        ('a<b>c:d"e|f?g*h.txt', "a_b_c_d_e_f_g_h.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Com1 .tar.gz", "_Com1 .tar.gz"),
        ("LPT²", "_LPT²"),
        ("CONTRATO.pdf", "CONTRATO.pdf"),
        ("informe. . .", "informe"),
        (".bashrc", "_bashrc"),
        ("-rf.txt", "_rf.txt"),
        ("~$informe.docx", "_$informe.docx"),
        ("a.b.c.pdf", "a.b.c.pdf"),
    ],
)
def test_name_on_disk_suits_every_system(kept, on_disk):
    assert safe_name(kept, TEXT) == on_disk


@pytest.mark.parametrize(
    ("kept", "on_disk"),
    [
        ("factura.pdf", "factura.pdf.bin"),
        ("factura", "factura.bin"),
        ("factura.exe", "factura.exe"),
        ("factura.pdf.exe", "factura_pdf.exe"),
        ("factura.pdf    .exe", "factura_pdf.exe"),
        ("mi.factura.PDF.Exe. ", "mi_factura_PDF.Exe"),
    ],
)
def test_a_program_is_never_armed_and_never_dressed_up(kept, on_disk):
    assert safe_name(kept, PROGRAM) == on_disk


@given(NAMES, st.sampled_from([TEXT, PROGRAM]))
def test_names_on_disk_hold_on_every_system(name, kind):
    on_disk = safe_name(name, kind)
    assert 0 < len(on_disk.encode()) <= 150
    assert not set(on_disk) & set('<>:"/\\|?*\0')
    assert on_disk[0] not in ".-~ "
    assert on_disk[-1] not in ". "
    assert not PureWindowsPath(on_disk).is_reserved()
    assert PurePosixPath(on_disk).name == PureWindowsPath(on_disk).name == on_disk
    assert not has_double_ending(on_disk)
    assert safe_name(on_disk, kind) == on_disk
    if ending_of(clean_name(name)) not in RUNNABLE:
        assert ending_of(on_disk) not in RUNNABLE


@given(NAMES, st.sampled_from(["pdf", "docx", "exe"]))
def test_long_names_on_disk_keep_their_ending(name, ending):
    assert safe_name(f"a{name}ñ" + "ñ" * 200 + f"b.{ending}", TEXT).endswith(f".{ending}")


def test_taken_names_are_counted_on(tmp_path):
    assert free_name(tmp_path, "informe.pdf") == tmp_path / "informe.pdf"
    (tmp_path / "informe.pdf").touch()
    (tmp_path / "informe (2).pdf").mkdir()
    (tmp_path / "informe (3).pdf").symlink_to(tmp_path / "nowhere")
    assert free_name(tmp_path, "informe.pdf") == tmp_path / "informe (4).pdf"


def test_counting_keeps_a_long_name_within_its_limit(tmp_path):
    name = safe_name("ñ" * 200 + ".pdf", TEXT)
    (tmp_path / name).touch()
    second = free_name(tmp_path, name).name
    assert second.endswith("ñ (2).pdf")
    assert len(second.encode()) <= 150


@pytest.mark.parametrize("name", ["factura.pdf.exe", "a.JPG.Scr", "a.txt .js", "a.doc.lnk", "foto.png.exe. "])
def test_double_endings_are_seen(name):
    assert has_double_ending(name)


@pytest.mark.parametrize("name", ["a.exe", "informe.pdf", "a.tar.gz", "v1.2.exe", "informe.docx.pdf", "pdf.exe", ""])
def test_names_with_dots_are_not_all_double_endings(name):
    assert not has_double_ending(name)
