import datetime as dt
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.text import search_fold
from oficrm.files import limits
from oficrm.files.catalogue import DOCX, MAIL, OTHER, PAGE, PDF, PROTECTED, TEXT, XLSX
from oficrm.files.inside import Inside, text_inside, words_of
from oficrm.files.kinds import kind_of
from tests.support.documents import docx, pdf, replaced, sheet_body, word_body, xlsx


def inside(data: bytes, kind=TEXT, **more) -> Inside:
    return text_inside(io.BytesIO(data), kind, **more)


@pytest.mark.parametrize(
    "data",
    [
        "Cañón y piñón: 5 €".encode(),
        "\ufeffCañón y piñón: 5 €".encode(),
        "\ufeffCañón y piñón: 5 €".encode("utf-16-le"),
        "\ufeffCañón y piñón: 5 €".encode("utf-16-be"),
        "\ufeffCañón y piñón: 5 €".encode("utf-32-le"),
        "Cañón y piñón: 5 €".encode("cp1252"),
    ],
)
def test_plain_text_is_read_in_the_encoding_it_has(data):
    assert inside(data) == Inside("Cañón y piñón: 5 €")


def test_far_encodings_are_guessed():
    text = "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 5
    assert inside(text.encode("cp1251")).text == text


def test_what_no_column_can_hold_goes():
    assert inside(b"a\0b\x07 infor\xc2\xadme \xef\xbf\xbf").text == "a b  informe  "


def test_long_text_is_cut_and_says_so():
    found = inside("ñ".encode() * (limits.MAX_TEXT + 1))
    assert found.text == "ñ" * limits.MAX_TEXT
    assert found.problem == "Solo se ha leído el principio: es muy largo."
    assert inside("ñ".encode() * limits.MAX_TEXT).problem == ""
    assert inside("€".encode() * limits.MAX_TEXT * 3).problem != ""


def test_pages_lose_tags_and_scripts():
    page = (
        "<!DOCTYPE html><title>Oferta</title><style>p{color:red}</style><p>Precio&nbsp;de la <b>pin</b>tura &euro;"
        "<!-- secreto > --><td>uno</td><td>dos</td><SCRIPT>robar('<p>')</SCRIPT ><br>5 < 6 fin<script>abierto"
    )
    found = inside(page.encode(), PAGE)
    assert found.text.split() == ["Oferta", "Precio", "de", "la", "pintura", "€", "uno", "dos", "5", "<", "6", "fin"]
    assert kind_of("a.html", page.encode()) == PAGE


@pytest.mark.parametrize(
    "piece", ["<", "<a", "<!--", "<script>", "</script", "<b>", "&", "&#", "<a <!-- ", "<style><!--"]
)
def test_any_page_takes_time_by_its_length_only(piece):
    inside((piece * (limits.MAX_TEXT // len(piece))).encode(), PAGE)


def test_pdf_pages_one_after_another():
    assert inside(pdf("Cañón", "Piñón"), PDF) == Inside("Cañón\nPiñón\n")


def test_word_document_with_table_and_header():
    found = inside(docx("Primer párrafo", table=[["uno", "dos"], ["tres", "cuatro"]], header="Cabecera"), DOCX)
    assert found.problem == ""
    assert found.text.split() == ["Primer", "párrafo", "uno", "dos", "tres", "cuatro", "Cabecera"]


def test_word_text_that_stands_apart_is_found_too():
    inner = (
        "<w:p><w:ins><w:r><w:t>insertado</w:t></w:r></w:ins><w:del><w:r><w:delText>borrado</w:delText></w:r></w:del>"
        "<w:hyperlink><w:r><w:t>en</w:t></w:r><w:r><w:t>lace</w:t><w:tab/><w:t>tras</w:t></w:r></w:hyperlink></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>campo</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    found = inside(replaced(docx("x"), {"word/document.xml": word_body(inner)}), DOCX)
    assert found.text.split() == ["insertadoenlace", "tras", "campo"]


def test_a_document_with_macros_is_read_as_any_other():
    types = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    package = docx("Hola")
    listed = zipfile.ZipFile(io.BytesIO(package)).read("[Content_Types].xml")
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert plain in listed
    found = inside(replaced(package, {"[Content_Types].xml": listed.replace(plain, types)}), DOCX)
    assert found.text.split() == ["Hola"]


def test_workbook_gives_values_as_people_write_them():
    data = xlsx(
        ["Referencia", 12.5, 3, True, None],
        [dt.date(2024, 3, 1), dt.datetime.fromisoformat("2024-03-01T09:30"), dt.time(8, 5), "=1+1"],
        title="Precios 2024",
    )
    found = inside(data, XLSX)
    assert found == Inside("Precios 2024\nReferencia\t12,5\t3\tsí\n01/03/2024\t01/03/2024 09:30\t08:05\n")


def test_workbook_of_several_sheets_without_styles_and_strings():
    import openpyxl

    book = openpyxl.Workbook()
    for name in ("Uno", "Dos"):
        book.create_sheet(name)["ZZ5"] = f"celda de {name}"
    book.create_chartsheet("Gráfico")
    out = io.BytesIO()
    book.save(out)
    assert inside(out.getvalue(), XLSX).text == "Sheet\nUno\ncelda de Uno\nDos\ncelda de Dos\n"


def test_other_kinds_have_no_text():
    assert inside(b"hola", OTHER) == Inside("")
    assert inside(b"{\\rtf1}", kind_of("a.rtf", b"{\\rtf1}")) == Inside("")


def test_mails_are_read_by_whoever_can():
    assert inside(b"Subject: a", MAIL) == Inside("")
    read = inside(b"Subject: a", MAIL, mail=lambda stream: Inside(stream.read().decode() + "\0\ud800", "Falta algo."))
    assert read == Inside("Subject: a  ", "Falta algo.")


@pytest.mark.parametrize("kind", [TEXT, PAGE, PDF, DOCX, XLSX])
def test_cancelled_reading_ends(kind):
    found = inside(b"hola", kind, cancel=lambda: True)
    assert found == Inside("", "Se ha interrumpido la lectura.")


def test_cancelled_between_pages_keeps_what_was_read():
    asked = iter([False, False, False, True])
    found = inside(pdf("uno", "dos", "tres"), PDF, cancel=lambda: next(asked))
    assert found == Inside("uno\ndos\n", "Se ha interrumpido la lectura.")


def test_slow_reading_ends(monkeypatch):
    monkeypatch.setattr("oficrm.files.reading.MAX_SECONDS", -1)
    assert inside(docx("a"), DOCX).problem == "Solo se ha leído una parte: tardaba demasiado."


def test_path_is_read_and_closed(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf("Hola"))
    assert text_inside(path, PDF).text == "Hola\n"
    path.unlink()
    with pytest.raises(FileNotFoundError):
        text_inside(path, PDF)


class Failing(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionError("gone")


@pytest.mark.parametrize("kind", [TEXT, PAGE, PDF, DOCX, XLSX])
def test_an_error_of_the_stream_is_not_the_documents(kind):
    stream = Failing(xlsx(["a"]))
    with pytest.raises(ConnectionError, match="gone"):
        text_inside(stream, kind)


def test_protected_files_say_so():
    said = Inside("", "Está protegido con contraseña.")
    assert inside(pdf("a", encrypted=True), PDF) == said
    assert inside(b"\xd0\xcf\x11\xe0", PROTECTED) == said
    package = bytearray(docx("a"))
    at = package.find(b"PK\x01\x02")
    while at >= 0:
        package[at + 8] |= 1
        at = package.find(b"PK\x01\x02", at + 4)
    assert inside(bytes(package), DOCX) == said


@pytest.mark.parametrize("kind", [PDF, DOCX, XLSX])
@pytest.mark.parametrize("data", [b"", b"hola", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"%PDF-1.7\n%%EOF"])
def test_broken_files_say_so(kind, data):
    assert inside(data, kind) == Inside("", "No se puede leer: está dañado o no es lo que dice su nombre.")


def test_empty_text_is_no_problem():
    assert inside(b"") == Inside("")


def test_a_workbook_whose_sheet_breaks_off_keeps_its_rows():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 40_000))
    broken = sheet_body(rows, size='<dimension ref="A1"/>')[:-200]
    found = inside(replaced(xlsx(["a"]), {"xl/worksheets/sheet1.xml": broken}), XLSX)
    assert found.text.startswith("Hoja\n1\n2\n")
    assert found.problem == "Solo se ha leído una parte: el resto está dañado."


VALID = {
    PDF: pdf("Hola", "Adiós"),
    DOCX: docx("Hola", table=[["a", "b"]]),
    XLSX: xlsx(["Hola", 1.5, dt.date(2024, 1, 1)]),
}


@pytest.mark.parametrize("kind", VALID, ids=lambda kind: kind.label)
@given(data=st.data())
@settings(max_examples=100)
def test_damaged_files_end_with_a_word(kind, data):
    valid = VALID[kind]
    raw = bytearray(valid)
    for at, new in data.draw(st.lists(st.tuples(st.integers(0, len(valid)), st.binary(max_size=5)), max_size=10)):
        raw[at : at + len(new)] = new
    found = inside(bytes(raw[: data.draw(st.integers(len(valid) // 2, len(valid)))]), kind)
    assert len(found.text) <= limits.MAX_TEXT


@pytest.mark.parametrize("member", ["word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"])
@given(data=st.data())
@settings(max_examples=60)
def test_damaged_parts_end_with_a_word(member, data):
    part = bytearray(zipfile.ZipFile(io.BytesIO(VALID[DOCX])).read(member))
    for at, new in data.draw(st.lists(st.tuples(st.integers(0, len(part)), st.binary(max_size=5)), max_size=5)):
        part[at : at + len(new)] = new
    inside(replaced(VALID[DOCX], {member: bytes(part)}), DOCX)


@given(st.binary(max_size=2000), st.sampled_from([TEXT, PAGE, PDF, DOCX, XLSX]))
def test_any_bytes_end_with_text_a_column_holds(data, kind):
    found = inside(data, kind)
    assert not set(found.text) & {chr(n) for n in (*range(8), 0xFFFE, 0xD800)}
    found.text.encode()


# Words


def test_words_are_folded_once_each_in_order():
    assert words_of("El Cañón, el\tCANON\n y  el cañón,  ñu\0ü") == "el\ncanon,\ncanon\ny\nnu\nu"
    assert words_of("") == ""


def test_long_words_are_cut_and_there_is_an_end_to_them():
    assert words_of("a" * 60 + "b" * 60) == "a" * 60 + "\n" + "b" * 60
    assert len(words_of("".join(map(str, range(9999))))) <= 5 * 61
    many = words_of(" ".join(map(str, range(100_000))))
    assert limits.MAX_WORDS - 10 < len(many) <= limits.MAX_WORDS
    assert many.splitlines()[-1] == str(len(many.splitlines()) - 1)


@given(st.text(max_size=400))
def test_every_word_that_somebody_types_is_found(text):
    words = words_of(text)
    for word in "".join(c if c.isprintable() or c.isspace() else "" for c in text).split():
        if word in text.split() and len(word) <= limits.MAX_WORD:
            assert search_fold(word) in words
