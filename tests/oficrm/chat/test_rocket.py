"""The REST client against a server that speaks the documented API."""

import datetime as dt
import ipaddress
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.models.chat_channel import ChannelType
from oficrm.chat import messages, servers, transport
from oficrm.chat.rocket import Rocket as Client
from oficrm.chat.rocket import Room, stamp
from oficrm.chat.servers import Denied, Login, SignedOut, Unreachable, Untrusted
from oficrm.chat.transport import pause
from oficrm.chat.work import Work
from oficrm.errors import Cancelled
from oficrm.rules.problems import Invalid
from tests.support.rocket import PASSWORD, START, TOKEN, USER, USER_ID, Reply, Rocket, serving


class Waiting(Work):
    """Notes how long it was asked to wait, and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)


def client(rocket: Rocket, work: Work | None = None, *, signed_in: bool = True, **more) -> Client:
    login = Login(USER_ID, TOKEN) if signed_in else None
    return Client(rocket.address, work or Waiting(), login, **more)


@pytest.fixture
def entered(rocket: Rocket) -> Iterator[Client]:
    made = client(rocket)
    yield made
    made.close()


# --- entering


def test_user_and_password_bring_a_token_that_opens_everything_else(rocket: Rocket):
    made = client(rocket, signed_in=False)
    account = made.sign_in(USER, PASSWORD)
    assert (account.username, account.name, account.user_id) == (USER, "Ana Pérez", USER_ID)
    assert made.login == Login(USER_ID, TOKEN)
    assert [path for path, _ in rocket.asked] == ["login", "me"]


def test_a_wrong_password_and_a_token_that_ended_are_told_apart(rocket: Rocket, entered: Client):
    with pytest.raises(SignedOut, match="incorrectos"):
        client(rocket, signed_in=False).sign_in(USER, "otra")
    rocket.token = "otro"
    with pytest.raises(SignedOut, match="ya no vale"):
        entered.me()


def test_a_second_factor_is_explained(rocket: Rocket):
    rocket.fault = lambda _path, _params: Reply(401, {"status": "error", "error": "totp-required"})
    with pytest.raises(SignedOut, match="token de acceso personal"):
        client(rocket, signed_in=False).sign_in(USER, PASSWORD)


def test_the_token_of_somebody_else_does_not_hold(rocket: Rocket):
    rocket.fault = lambda path, _params: Reply(200, {"_id": "otro", "username": "x", "success": True})
    with pytest.raises(SignedOut, match="no es de ese usuario"):
        client(rocket).me()


# --- patience and trouble


def test_too_many_requests_are_waited_for_as_the_server_says(rocket: Rocket):
    answers = iter([
        Reply(429, {"success": False}, {"Retry-After": "7"}),
        Reply(429, {"success": False, "error": "Error, too many requests. You must wait 3 seconds before trying"}),
    ])  # fmt: skip
    rocket.fault = lambda _path, _params: next(answers, None)
    work = Waiting()
    assert client(rocket, work).me().username == USER
    assert work.waited == [7, 3]


def test_a_server_that_wants_too_long_a_rest_is_left(rocket: Rocket):
    rocket.fault = lambda _path, _params: Reply(429, {}, {"Retry-After": "4000"})
    work = Waiting()
    with pytest.raises(Unreachable, match="demasiadas peticiones"):
        client(rocket, work).me()
    assert work.waited == []


def test_waiting_ends_at_once_when_it_is_cancelled(rocket: Rocket):
    work = Work()
    rocket.fault = lambda _path, _params: Reply(429, {}, {"Retry-After": "100"})
    work.note = lambda _text: work.cancel()
    with pytest.raises(Cancelled):
        client(rocket, work).me()


@given(st.dictionaries(st.sampled_from(["Retry-After", "X-RateLimit-Reset"]), st.text(max_size=30)), st.binary())
def test_any_answer_asks_for_a_bearable_wait(headers: dict[str, str], data: bytes):
    assert pause(headers, data) >= 1


def test_the_reset_of_the_limit_counts_from_now():
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=40)
    assert 35 < pause({"X-RateLimit-Reset": str(int(soon.timestamp() * 1000))}, b"") <= 40


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (Reply(200, b"<html>Bienvenido</html>"), Denied, "no es un servidor Rocket.Chat"),
        (Reply(503, b"Service Unavailable"), Unreachable, "HTTP 503"),
        (Reply(302, {}, {"Location": "https://otro.example/"}), Denied, "https://otro.example/"),
        (Reply(400, {"success": False, "error": "Boom"}), Denied, "Boom"),
        (Reply(200, {"success": False, "error": "x [error-not-allowed]"}), Denied, "no lo permite"),
        (Reply(200, {"_id": USER_ID, "junk": "x" * 400}, cut=True), Unreachable, "No se puede hablar"),
    ],
)
def test_trouble_is_said_in_words(rocket: Rocket, reply: Reply, kind: type[Exception], words: str):
    rocket.fault = lambda _path, _params: reply
    with pytest.raises(kind, match=words):
        client(rocket).me()


def test_a_server_that_is_not_there(rocket: Rocket):
    with serving() as gone:
        pass
    with pytest.raises(Unreachable):
        client(gone).me()


def test_an_answer_without_end_is_cut_off(rocket: Rocket, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(transport, "MOST_BYTES", 100_000)
    rocket.fault = lambda _path, _params: Reply(200, b"[" * 300_000)
    with pytest.raises(Unreachable, match="más datos"):
        client(rocket).me()


def test_a_certificate_of_nobodys_is_not_talked_to(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.ERROR, logger="urllib3")
    with serving(certificate=own_certificate(tmp_path / "own.pem")) as rocket:
        with pytest.raises(Untrusted, match="no es de fiar"):
            client(rocket).me()
        assert rocket.asked == []


def own_certificate(path: Path) -> Path:
    """A certificate that only its owner vouches for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    began, ends = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(began).not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


# --- addresses


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" chat.empresa.es/ ", "https://chat.empresa.es"),
        ("HTTPS://Chat.Empresa.es:8443/rc/", "https://chat.empresa.es:8443/rc"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("chat.ñandú.es", "https://chat.xn--and-6ma2c.es"),
    ],
)
def test_an_address_has_one_form(typed: str, meant: str):
    assert servers.address(typed) == meant
    assert servers.address(meant) == meant


@pytest.mark.parametrize(
    "typed", ["", "http://chat.empresa.es", "ftp://x.es", "https://ana:secreta@x.es", "a b.es", "https://x:y"]
)
def test_what_is_no_address_or_would_bare_the_token_is_refused(typed: str):
    with pytest.raises(Invalid):
        servers.address(typed)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_address_or_refused(typed: str):
    try:
        meant = servers.address(typed)
    except Invalid:
        return
    assert servers.address(meant) == meant
    assert meant.startswith(("https://", "http://localhost", "http://127.0.0.1", "http://[::1]"))


# --- rooms


def test_rooms_of_all_lists_come_page_by_page(rocket: Rocket, entered: Client):
    rocket.most = 2
    for number in range(5):
        rocket.room(f"Canal{number}")
    rocket.room("SECRETO", "p", fname="Obra de Alcoy", archived=True)
    rocket.room("DM1", "d", usernames=["ana", "marta.gil"], lm=stamp(START))
    rocket.say("DM1", "hola")
    entered.me()
    rooms, refused = entered.rooms()
    assert refused == []
    assert [room.name for room in rooms] == [
        "canal0",
        "canal1",
        "canal2",
        "canal3",
        "canal4",
        "marta.gil",
        "Obra de Alcoy",
    ]
    assert rooms[-1] == Room("SECRETO", "Obra de Alcoy", ChannelType.PRIVATE, is_archived=True)
    assert rooms[-2] == Room("DM1", "marta.gil", ChannelType.DIRECT, "ana, marta.gil", messages=1, last_at=START)


def test_a_list_that_is_refused_leaves_the_others(rocket: Rocket, entered: Client):
    rocket.room("General")
    denied = Reply(403, {"success": False, "error": "[error-unauthorized]"})
    rocket.fault = lambda path, _params: denied if path == "groups.list" else None
    rooms, refused = entered.rooms()
    assert [room.name for room in rooms] == ["general"]
    assert refused == ["El servidor no lo permite: [error-unauthorized]"]


# --- messages


def ids(pages) -> list[str]:
    return [raw["_id"] for page in pages for raw in page]


@pytest.mark.parametrize("most", [1, 3, 7, 100])
def test_history_comes_whole_newest_first_whatever_the_page(rocket: Rocket, entered: Client, most: int):
    rocket.most = most
    rocket.room("General")
    said = [rocket.say("General", f"mensaje {number}")["_id"] for number in range(20)]
    assert ids(entered.history("General", ChannelType.PUBLIC)) == said[::-1]


def test_messages_of_one_instant_across_pages_come_once(rocket: Rocket, entered: Client):
    rocket.most = 3
    rocket.room("General")
    for number in range(7):
        rocket.say("General", str(number), at=START + dt.timedelta(minutes=number // 2))
    found = ids(entered.history("General", ChannelType.PUBLIC))
    assert len(found) == len(set(found)) == 7


def test_what_is_deleted_meanwhile_hides_nothing_else(rocket: Rocket, entered: Client):
    rocket.most = 4
    rocket.room("General")
    said = [rocket.say("General", str(number)) for number in range(12)]
    pages = entered.history("General", ChannelType.PUBLIC)
    found = ids([next(pages)])
    rocket.remove(said[-1])
    rocket.remove(said[-2])
    assert set(found + ids(pages)) == {each["_id"] for each in said}


def test_a_server_that_always_gives_the_same_page_is_noticed(rocket: Rocket, entered: Client):
    page = Reply(
        200, {"messages": [{"_id": "a", "ts": stamp(START)}, {"_id": "b", "ts": stamp(START)}], "success": True}
    )
    rocket.fault = lambda path, _params: page if path == "channels.history" else None
    assert ids(entered.history("General", ChannelType.PUBLIC)) == ["a", "b"]


def test_changes_are_what_was_written_edited_and_deleted_since(rocket: Rocket, entered: Client):
    rocket.room("General")
    first, second, third = (rocket.say("General", text) for text in ("uno", "dos", "tres"))
    since = rocket.clock
    rocket.edit(first, "uno bis")
    rocket.remove(second)
    delta = entered.changes("General", since)
    assert ([raw["_id"] for raw in delta.updated], delta.deleted) == ([first["_id"]], (second["_id"],))
    assert delta.until == rocket.clock
    assert entered.changes("General", delta.until).updated == ()
    assert third["_id"] not in delta.deleted


def test_a_message_is_posted(rocket: Rocket, entered: Client):
    rocket.room("General")
    raw = entered.post("General", "Buenos días")
    assert messages.read(raw).body == "Buenos días"
    assert rocket.messages["General"][-1]["msg"] == "Buenos días"
