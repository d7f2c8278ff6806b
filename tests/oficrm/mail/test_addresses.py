import pytest
from hypothesis import given
from hypothesis import strategies as st

from oficrm.mail.addresses import MAX_ADDRESSES, as_email, parse_addresses
from oficrm.mail.message import Address


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Ana@X.es", [("", "ana@x.es")]),
        ("Ana Pérez <Ana@X.es>", [("Ana Pérez", "ana@x.es")]),
        ('"Pérez, Ana" <a@x.es>, b@x.es', [("Pérez, Ana", "a@x.es"), ("", "b@x.es")]),
        ("Pérez, Ana <a@x.es>", [("Pérez, Ana", "a@x.es")]),  # the quotes forgotten
        ('"Ana \\"la jefa\\" P" <a@x.es>', [('Ana "la jefa" P', "a@x.es")]),
        ("=?utf-8?Q?P=C3=A9rez,_Ana?= <a@x.es>", [("Pérez, Ana", "a@x.es")]),
        ("=?utf-8?Q?P=C3=A9rez=2C?= =?utf-8?Q?_Ana?= <a@x.es>", [("Pérez, Ana", "a@x.es")]),
        ('"=?utf-8?Q?P=C3=A9rez?=" <a@x.es>', [("Pérez", "a@x.es")]),
        ("a@x.es (Ana Pérez)", [("Ana Pérez", "a@x.es")]),
        ("a@x.es; b@x.es", [("", "a@x.es"), ("", "b@x.es")]),
        ("undisclosed-recipients:;", []),
        ("Ventas: a@x.es, Beatriz <b@x.es>; c@x.es", [("", "a@x.es"), ("Beatriz", "b@x.es"), ("", "c@x.es")]),
        ("'a@x.es' <a@x.es>", [("", "a@x.es")]),
        ("<mailto:a@x.es>", [("", "a@x.es")]),
        ("Ana", [("Ana", "")]),
        ("Ana, Beatriz", [("Ana", ""), ("Beatriz", "")]),
        ('"juan perez"@x.es', [("", '"juan perez"@x.es')]),
        ("/O=EX/CN=ANA <>", [("/O=EX/CN=ANA", "")]),
        ("", []),
        (" , ;", []),
        ("Ana <a@x.es", [("Ana", "a@x.es")]),
        ('"Ana <a@x.es>', [("Ana", "a@x.es")]),
        ("Ana\r\n <a@x.es>", [("Ana", "a@x.es")]),
        ("Ana\u202e\x07 <a@x.es>", [("Ana", "a@x.es")]),
    ],
)
def test_addresses_as_people_write_them(value, found):
    assert parse_addresses(value) == tuple(Address(name, email) for name, email in found)


@pytest.mark.parametrize(
    "text", ["", "ana", "a@", "@x.es", "a b@x.es", "a@x es", "a@b@c", "a@x.es\0b c", "x" * 400 + "@x.es"]
)
def test_what_is_no_address_is_none(text):
    assert as_email(text) == ""


@given(st.text(alphabet='ab@.,;:<>"()\\ =?utf-8Q_\r\n', max_size=300))
def test_any_header_gives_addresses_that_can_be_kept(value):
    for address in parse_addresses(value):
        assert address.name or address.email
        assert "\n" not in str(address)
        assert address.email == address.email.lower()


@pytest.mark.parametrize("piece", ["(", '"', "<", "a,", "\\", '"\\', "=?utf-8?Q?", ":", "a:", "(a", "<a@x.es>"])
def test_long_rubbish_ends_soon(piece):
    assert len(parse_addresses(piece * 100_000)) <= MAX_ADDRESSES + 1


def test_addresses_are_shown_with_their_names():
    assert [str(one) for one in parse_addresses("Ana <a@x.es>, b@x.es, Carlos")] == ["Ana <a@x.es>", "b@x.es", "Carlos"]
