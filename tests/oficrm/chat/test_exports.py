"""Files that Rocket.Chat exports: every shape of them, junk among them, twice, into one channel or several."""

import datetime as dt
import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from db.filed import key_of
from db.models.chat_channel import ChatChannel, ChatLink, ChatMessage
from db.models.client import Client
from oficrm import undo
from oficrm.chat import bringing, exports, storing
from oficrm.chat.bringing import Into
from oficrm.chat.importing import Outcome, Report
from oficrm.chat.messages import Incoming, LeftOut
from oficrm.chat.work import Work
from oficrm.errors import Refused
from oficrm.jobs import Jobs

AT = "2026-03-02T09:00:00.000Z"
LINES = [
    {"msg": "Buenos días", "username": "marta", "ts": AT},
    {"msg": "joined", "username": "juan", "ts": AT, "type": "uj"},
    {"msg": "", "username": "juan", "ts": "2026-03-02T09:01:00.000Z",
     "attachments": [{"type": "file", "title": "plano.pdf", "fileName": "plano.pdf"}]},
    {"msg": "dos\nlíneas", "username": "juan", "ts": "2026-03-02T09:02:00.000Z"},
]  # fmt: skip
NDJSON = "\n".join(json.dumps(line) for line in LINES) + "\n"
HTML = (
    '<meta http-equiv="content-type" content="text/html; charset=utf-8">'
    "<p><strong>marta</strong> (Mon, 02 Mar 2026 09:00:00 GMT):<br/>\nBuenos <b>días</b>\nsegunda\n</p>\n"
    "<p><strong>juan</strong> (Mon, 02 Mar 2026 09:01:00 GMT):<br/>\n<i>User joined</i>\n</p>\n"
    "<p><strong>juan</strong> (Mon, 02 Mar 2026 09:02:00 GMT):<br/>\n\n"
    '<br/><a href="./assets/a1b2-plano.pdf">plano</a>\n</p>\n'
)
CSV = '"marta","1772442000000","Buenos días"\n"juan","1772442060000","coma, y ""comillas"""\n'


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(path: Path) -> dict[str, list[tuple[str, str, str]]]:
    return {part.name: [(item.author, item.body, item.file_name) for item in part.items if isinstance(item, Incoming)]
            for part in exports.parts(path)}  # fmt: skip


def test_the_lines_of_an_export(tmp_path: Path):
    path = write(tmp_path, "obra-alcoy.json", "\ufeff" + NDJSON)
    assert read(path) == {"obra-alcoy": [
        ("marta", "Buenos días", ""), ("juan", "", "plano.pdf"), ("juan", "dos\nlíneas", ""),
    ]}  # fmt: skip
    left = [str(item) for part in exports.parts(path) for item in part.items if isinstance(item, LeftOut)]
    assert left == ["avisos del servidor"]


def test_the_html_of_an_export_is_taken_as_text(tmp_path: Path):
    assert read(write(tmp_path, "sala.html", HTML)) == {"sala": [
        ("marta", "Buenos <b>días</b>\nsegunda", ""), ("juan", "", "plano.pdf"),
    ]}  # fmt: skip


def test_csv_of_the_importer_and_of_slack(tmp_path: Path):
    assert read(write(tmp_path, "general/messages.csv", CSV)) == {
        "general": [("marta", "Buenos días", ""), ("juan", 'coma, y "comillas"', "")]
    }
    slack = "timestamp,channel,user,text\n1772442000,general,marta,hola\n"
    assert read(write(tmp_path, "slack.csv", slack)) == {"slack": [("marta", "hola", "")]}


def test_answers_of_the_api_and_of_mongoexport(tmp_path: Path):
    raw = {"_id": "a1", "msg": "hola", "ts": AT, "u": {"username": "marta", "name": "Marta Gil"}}
    whole = write(tmp_path, "whole.json", json.dumps({"messages": [raw], "success": True}, indent=2))
    assert read(whole) == {"whole": [("Marta Gil", "hola", "")]}
    mongo = write(tmp_path, "mongo.json", json.dumps({**raw, "ts": {"$date": AT}}) + "\n")
    [item] = [each for part in exports.parts(mongo) for each in part.items]
    assert isinstance(item, Incoming)
    assert (item.external_id, item.sent_at) == ("a1", dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC))


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("general/messages.csv", CSV)
        made.writestr("obra.json", NDJSON)
        made.writestr("channels.csv", '"general","ana","public","ana;marta"\n')
        made.writestr("users.csv", '"ana","ana@example.es","Ana"\n')
        made.writestr("assets/a1-plano.json", "{}")
        made.writestr(
            "directmessages.csv", '"ana","marta","1772442000000","privado"\n"marta","ana","1772442001000","sí"\n'
        )
    return path


def test_a_pack_holds_channels(pack: Path):
    kinds = {}
    for part in exports.parts(pack):
        kinds[part.name] = (part.kind.value, len(list(part.items)))
    assert kinds == {"general": ("public", 2), "obra": ("private", 4), "ana y marta": ("direct", 2)}


def bring(jobs: Jobs, *paths: Path, into: Into | None = None) -> Report:
    return bringing.run(jobs, paths, into or Into(), Work())


def kept(jobs: Jobs) -> dict[str, list[str]]:
    wanted = (
        select(ChatChannel.name, ChatMessage.body, ChatMessage.file_name)
        .join(ChatMessage, ChatMessage.channel_id == ChatChannel.id)
        .where(ChatMessage.deleted_at.is_(None), ChatChannel.deleted_at.is_(None))
        .order_by(ChatMessage.sent_at, ChatMessage.id)
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    for name, body, file_name in jobs.read(lambda s: s.execute(wanted).all()).result():
        found.setdefault(name, []).append(body or file_name or "")
    return found


def test_a_pack_is_brought_in_once(jobs: Jobs, pack: Path):
    client = jobs.read(lambda s: s.scalars(select(Client.id).limit(1)).one()).result()
    report = bring(jobs, pack, into=Into(places=(key_of("client", client),)))
    assert report.sentence() == "7 mensajes nuevos · sin traer: 1 avisos del servidor."
    assert kept(jobs)["obra"] == ["Buenos días", "plano.pdf", "dos\nlíneas"]
    assert kept(jobs)["ana y marta"] == ["privado", "sí"]
    links = jobs.read(lambda s: list(s.scalars(select(ChatLink.record)))).result()
    assert links == [key_of("client", client)] * 3
    again = bring(jobs, pack)
    assert again.total("new") == 0
    assert again.changes.tables == {}
    assert len(kept(jobs)) == 3
    operation_id = report.changes.operation_id
    assert operation_id is not None
    jobs.write(lambda s: undo.undo(s, operation_id)).result()
    assert kept(jobs) == {}


def test_into_one_channel(jobs: Jobs, tmp_path: Path):
    from db.history import operation
    from db.models.chat_channel import ChannelType

    def make(session) -> int:
        with operation(session, "Añadir canal"):
            return storing.new_channel(session, "Mi canal", ChannelType.DIRECT).id

    ident = jobs.write(make).result().value
    bring(jobs, write(tmp_path, "x.json", NDJSON), write(tmp_path, "y.csv", CSV), into=Into(ident))
    assert list(kept(jobs)) == ["Mi canal"]
    assert len(kept(jobs)["Mi canal"]) == 4  # one of them is in both files


def test_the_same_words_twice_are_two_messages(jobs: Jobs, tmp_path: Path):
    line = json.dumps(LINES[0]) + "\n"
    bring(jobs, write(tmp_path, "eco.json", line * 2))
    assert kept(jobs) == {"eco": ["Buenos días"] * 2}
    assert bring(jobs, write(tmp_path, "eco.json", line * 3)).total("new") == 1


def test_files_that_are_none_are_named_and_the_others_go_on(jobs: Jobs, tmp_path: Path):
    bad = write(tmp_path, "foto.png", b"\x89PNG")
    broken = write(tmp_path, "roto.zip", b"PK\x03\x04 nada")
    empty = write(tmp_path, "vacio.json", b"")
    gone = tmp_path / "no está.json"
    report = bring(jobs, bad, broken, empty, gone, write(tmp_path, "bien.json", NDJSON))
    assert [row.outcome for row in report.rows] == [Outcome.REFUSED] * 4 + [Outcome.DONE]
    words = [row.words() for row in report.rows[:4]]
    assert words[0].startswith("No es un archivo de mensajes")
    assert words[1] == "El ZIP está dañado o cifrado."
    assert words[2] == "No hay mensajes que se puedan leer."
    assert words[3].startswith("No se puede leer:")
    assert list(kept(jobs)) == ["bien"]


json_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["_id", "u", "username", "msg", "ts", "t", "type", "attachments", "file", "files", "name",
                         "title", "$date", "messages", "alias", "editedAt"]), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(json_junk, max_size=6), st.sampled_from(["lines", "list", "messages"]))
def test_any_json_is_read_without_an_error_of_ours(junk: list[object], shape: str):
    text = {
        "lines": "\n".join(map(json.dumps, junk)),
        "list": json.dumps(junk),
        "messages": json.dumps({"messages": junk}),
    }
    check(text[shape].encode(), ".json")


@given(st.binary(max_size=400), st.sampled_from([".json", ".html", ".csv", ".zip"]))
def test_any_bytes_are_read_without_an_error_of_ours(data: bytes, ending: str):
    check(data, ending)


@given(st.lists(st.lists(st.text(max_size=12) | st.integers().map(str), max_size=5), max_size=6))
def test_any_table_is_read_without_an_error_of_ours(rows: list[list[str]]):
    check("\n".join(",".join(json.dumps(cell) for cell in row) for row in rows).encode(), ".csv")


def check(data: bytes, ending: str) -> None:
    """Whatever is found fits into the database."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), f"datos{ending}", data)
        try:
            items = [item for part in exports.parts(path) for item in part.items]
        except Refused:
            return
    for item in items:
        if isinstance(item, Incoming):
            assert item.body or item.file_name
            assert 0 < len(item.external_id) <= 100
            assert len(item.author) <= 120
            assert len(item.body) <= 20_000
            (item.body + item.author + item.file_name + item.login).encode()
            assert "\0" not in item.body + item.author + item.file_name
            assert item.sent_at.tzinfo is not None
