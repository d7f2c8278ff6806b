import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.rules.identity import (
    clean_email,
    clean_phone,
    clean_tax_id,
    clean_url,
    format_phone,
    is_generic_tax_id,
    tax_id_label,
)
from oficrm.rules.postal import clean_postal_code, region_names, region_of
from oficrm.rules.problems import Invalid

SOME_TEXT = st.text(max_size=40) | st.from_regex(r"[+0-9A-Za-z@./:\- ]{1,30}", fullmatch=True)


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("12.345.678-z", "ES", "12345678Z"),
        ("es 12345678Z", "ES", "12345678Z"),
        ("A-58818501", "ES", "A58818501"),
        ("x1234567l", "ES", "X1234567L"),
        ("gode 561231 gr8", "MX", "GODE561231GR8"),
        ("Ñac-850101-ab1", "MX", "ÑAC850101AB1"),
        ("xaxx010101000", "MX", "XAXX010101000"),
        ("fr 12 345678901", "FR", "FR12345678901"),
    ],
)
def test_tax_ids_have_one_form(typed: str, country: str, stored: str) -> None:
    assert clean_tax_id(typed, country) == stored


@pytest.mark.parametrize(
    ("typed", "country", "reason"),
    [
        ("12345678A", "ES", "control"),
        ("B12345678", "ES", "control"),
        ("123", "ES", "No es un NIF"),
        ("XAXX010101000", "ES", "No es un NIF"),
        ("GODE561331GR8", "MX", "fecha"),
        ("GODE561231", "MX", "12 caracteres"),
        ("GODE5612317777", "MX", "12 caracteres"),
        ("1234561231GR8", "MX", "No es un RFC"),
        ("ab", "FR", "4 a 20"),
        ("añil", "FR", "4 a 20"),
    ],
)
def test_wrong_tax_ids_say_why(typed: str, country: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        clean_tax_id(typed, country)


def test_the_generic_mexican_ids_may_be_shared() -> None:
    assert is_generic_tax_id("XAXX010101000")
    assert is_generic_tax_id("xexx010101000")
    assert not is_generic_tax_id("GODE561231GR8")
    assert [tax_id_label(country) for country in ("ES", "MX", "FR")] == ["NIF", "RFC", "Identificación fiscal"]


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("961 23 45 67", "ES", "+34961234567"),
        ("0034 961.23.45.67", "ES", "+34961234567"),
        ("(+34) 600-123-456", "MX", "+34600123456"),
        ("961234567 ext 12", "ES", "+34961234567 ext. 12"),
        ("55 1234 5678", "MX", "+525512345678"),
        ("+52 1 55 1234 5678", "MX", "+525512345678"),
        ("+1 202 555 0143", "", "+12025550143"),
    ],
)
def test_phones_are_stored_in_international_form(typed: str, country: str, stored: str) -> None:
    assert clean_phone(typed, country) == stored
    assert clean_phone(stored, country) == stored
    assert clean_phone(format_phone(stored, country), country) == stored


@pytest.mark.parametrize(
    ("typed", "country", "reason"),
    [
        ("12345", "ES", "9 cifras"),
        ("161234567", "ES", "9 cifras"),
        ("1234567", "MX", "10 cifras"),
        ("+331234", "ES", "de más o de menos"),
        ("961234567", "", "prefijo"),
        ("961234567", "XX", "prefijo"),
        ("no tiene", "ES", "No es un teléfono"),
        ("9" * 400, "ES", "No es un teléfono"),
    ],
)
def test_wrong_phones_say_why(typed: str, country: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        clean_phone(typed, country)


def test_phones_are_shown_national_at_home_and_international_abroad() -> None:
    assert format_phone("+34961234567", "ES") == "961 23 45 67"
    assert format_phone("+34961234567 ext. 12", "ES") == "961 23 45 67 ext. 12"
    assert format_phone("+34961234567", "MX") == "+34 961 23 45 67"
    assert format_phone("pregunte por Ana", "ES") == "pregunte por Ana"


def test_mail_addresses_compare_without_case() -> None:
    assert clean_email(" Juan.P@Empresa.ES ") == "juan.p@empresa.es"
    for bad in ("ana", "ana@@x.com", "Ana <ana@x.es>", "ana@empresa", "a b@x.es", "ana@x.es, eva@x.es", "", "a" * 300):
        with pytest.raises(Invalid):
            clean_email(bad)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("www.Empresa.es", "https://www.empresa.es"),
        ("HTTP://www.empresa.es/", "http://www.empresa.es"),
        ("empresa.com/Catálogo?p=1#a", "https://empresa.com/Catálogo?p=1#a"),
        ("empresa.com:8080/x", "https://empresa.com:8080/x"),
        ("ñandú.es", "https://ñandú.es"),
    ],
)
def test_web_addresses_get_their_scheme(typed: str, stored: str) -> None:
    assert clean_url(typed) == stored
    assert clean_url(stored) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "javascript://empresa.com/%0aalert(1)",
        "file:///etc/passwd",
        "https://banco.es@otro.com",
        "http://x",
        "https://empresa.com/a b",
        "https://empresa.com\\@otro.com",
        "empresa.com:99999",
        "",
        "x" * 3000 + ".com",
    ],
)
def test_dangerous_or_broken_addresses_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        clean_url(typed)


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [("46001", "ES", "46001"), (" 08 001 ", "ES", "08001"), ("06600", "MX", "06600"), ("sw1a 1aa", "GB", "SW1A 1AA")],
)
def test_postal_codes(typed: str, country: str, stored: str) -> None:
    assert clean_postal_code(typed, country) == stored


@pytest.mark.parametrize(
    ("typed", "country", "reason"),
    [
        ("8001", "ES", "¿Es 08001?"),
        ("53000", "ES", "ninguna provincia"),
        ("00100", "MX", "ningún estado"),
        ("460011", "ES", "5 cifras"),
        ("ABCDE", "MX", "5 cifras"),
        ("!", "GB", "letras y cifras"),
    ],
)
def test_wrong_postal_codes_say_why(typed: str, country: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_postal_code(typed, country)
    assert reason in refused.value.message


def test_the_first_figures_name_province_or_state() -> None:
    assert region_of("46001", "ES") == "Valencia"
    assert region_of("08001", "ES") == "Barcelona"
    assert region_of("52001", "ES") == "Melilla"
    assert region_of("44100", "MX") == "Jalisco"
    assert region_of("06600", "MX") == "Ciudad de México"
    assert region_of("75001", "FR") is None
    assert len(region_names("ES")) == 52
    assert len(region_names("MX")) == 32
    assert region_names("FR") == ()


@given(SOME_TEXT, st.sampled_from(["ES", "MX", "FR", "XX", ""]))
def test_cleaning_is_stable_and_never_worse_than_invalid(text: str, country: str) -> None:
    for clean in (clean_tax_id, clean_phone, clean_postal_code, lambda typed, _: clean_email(typed), _url):
        try:
            once = clean(text, country)
        except Invalid:
            continue
        assert clean(once, country) == once


def _url(typed: str, _country: str) -> str:
    return clean_url(typed)
