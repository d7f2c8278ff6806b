"""Rooms brought into channels: all of it, only what changed, interrupted and gone on with, undone."""

import tracemalloc

import pytest
from sqlalchemy import func, select

from db.filed import key_of
from db.history import Operation
from db.models.chat_channel import ChannelType, ChatChannel, ChatLink, ChatMessage
from db.models.client import Client
from oficrm import lists, related, undo
from oficrm.chat import importing, storing, talk
from oficrm.chat.importing import Outcome, Report, Wanted
from oficrm.chat.rocket import Rocket as Connection
from oficrm.chat.servers import Login, Unreachable
from oficrm.chat.work import Work
from oficrm.jobs import Jobs
from tests.support.rocket import TOKEN, USER_ID, Reply, Rocket

ROOM = Wanted("General", "General", ChannelType.PUBLIC)


def bring(jobs: Jobs, rocket: Rocket, *rooms: Wanted, work: Work | None = None) -> Report:
    made = Connection(rocket.address, work or Work(), Login(USER_ID, TOKEN))
    try:
        return importing.run(jobs, made, rooms or (ROOM,))
    finally:
        made.close()


def texts(jobs: Jobs, name: str = "General") -> list[str]:
    wanted = (
        select(ChatMessage.body).join(ChatChannel, ChatChannel.id == ChatMessage.channel_id)
        .where(ChatChannel.name == name, ChatMessage.deleted_at.is_(None), ChatChannel.deleted_at.is_(None))
        .order_by(ChatMessage.sent_at, ChatMessage.id)
    )  # fmt: skip
    return [body or "" for body in jobs.read(lambda s: list(s.scalars(wanted))).result()]


def channel(jobs: Jobs, name: str = "General") -> ChatChannel:
    live = select(ChatChannel).where(ChatChannel.name == name, ChatChannel.deleted_at.is_(None))
    return jobs.read(lambda s: s.scalars(live).one()).result()


@pytest.fixture
def told(rocket: Rocket) -> list[str]:
    """A room of thirty messages, which the server gives in pages of eight."""
    rocket.most = 8
    rocket.room("General")
    return [rocket.say("General", f"mensaje {number:02}")["msg"] for number in range(30)]


def test_a_room_becomes_a_channel_with_all_it_says(jobs: Jobs, rocket: Rocket, told: list[str]):
    client = jobs.read(lambda s: s.scalars(select(Client.id).limit(1)).one()).result()
    report = bring(
        jobs, rocket, Wanted("General", "General", ChannelType.PUBLIC, (key_of("client", client),), messages=30)
    )
    assert report.sentence() == "30 mensajes nuevos."
    assert texts(jobs) == told
    made = channel(jobs)
    assert (made.number, made.type, made.server, made.external_id) == (
        "CHA-000001",
        "public",
        rocket.address,
        "General",
    )
    assert made.open_before is None
    assert made.synced_at is not None
    assert jobs.read(lambda s: related.counts(s, "client", client)).result().get("chat_channel", 1) == 1
    assert [(row.outcome, row.new, row.channel_id) for row in report.rows] == [(Outcome.DONE, 30, made.id)]


def test_counters_follow(jobs: Jobs, rocket: Rocket, told: list[str]):
    report = bring(jobs, rocket)
    made = channel(jobs)
    assert made.id in report.changes.shown("chat_channel")
    rows = jobs.read(
        lambda s: lists.load_rows(s, "chat_channel", [made.id], ["message_count", "last_message_at"])
    ).result()
    assert rows[made.id] == (30, rocket.messages["General"][-1]["at"])


def test_the_second_time_asks_only_for_what_changed(jobs: Jobs, rocket: Rocket, told: list[str]):
    bring(jobs, rocket)
    rocket.asked.clear()
    assert bring(jobs, rocket).sentence() == "Nada nuevo."
    assert [path for path, _ in rocket.asked] == ["chat.syncMessages"]
    operations = jobs.read(lambda s: s.scalar(select(func.count(Operation.id)))).result()
    bring(jobs, rocket)
    assert jobs.read(lambda s: s.scalar(select(func.count(Operation.id)))).result() == operations


def test_new_edited_and_deleted_messages_follow(jobs: Jobs, rocket: Rocket, told: list[str]):
    bring(jobs, rocket)
    rocket.edit(rocket.messages["General"][0], "corregido")
    rocket.remove(rocket.messages["General"][1])
    rocket.say("General", "nuevo", at=rocket.tick())
    report = bring(jobs, rocket)
    assert report.sentence() == "1 mensaje nuevo, 1 editado, 1 borrado."
    assert texts(jobs) == ["corregido", *told[2:], "nuevo"]
    ident = channel(jobs).id
    first = jobs.read(lambda s: talk.again(s, ident, "", None)).result().lines[0]
    assert first.is_edited


def test_a_message_shown_as_deleted_goes_too(jobs: Jobs, rocket: Rocket, told: list[str]):
    bring(jobs, rocket)
    gone = rocket.messages["General"][3]
    rocket.edit(gone, "")
    gone["t"] = "rm"
    bring(jobs, rocket)
    assert texts(jobs) == told[:3] + told[4:]


def test_what_is_no_message_is_left_out_and_counted(jobs: Jobs, rocket: Rocket):
    rocket.room("General")
    rocket.say("General", "marta", t="uj")
    rocket.say("General", "")
    rocket.say("General", "hola <b>a todos</b> \u202e\x00", u={"username": "juan"})
    rocket.say(
        "General", "", file={"name": "plano.pdf"}, attachments=[{"title": "plano.pdf", "description": "El plano"}]
    )
    rocket.say("General", "xyz", t="e2e")
    report = bring(jobs, rocket)
    assert report.rows[0].words() == "3 mensajes nuevos · sin traer: 1 avisos del servidor, 1 vacíos"
    ident = channel(jobs).id
    stretch = jobs.read(lambda s: talk.latest(s, ident)).result()
    assert [(line.author, line.body, line.file_name) for line in stretch.lines] == [
        ("juan", "hola <b>a todos</b> \u202e", ""), ("Marta", "El plano", "plano.pdf"),
        ("Marta", "(mensaje cifrado de extremo a extremo)", ""),
    ]  # fmt: skip


def test_a_server_gone_in_the_middle_leaves_whole_pages_and_the_next_run_goes_on(
    jobs: Jobs, rocket: Rocket, told: list[str]
):
    rocket.fault = lambda path, _params: (
        Reply(200, {"messages": []}, cut=True) if sum(each == path for each, _ in rocket.asked) > 2 else None
    )
    report = bring(jobs, rocket)
    assert report.problem.startswith("No se puede hablar con")
    assert report.rows[0].outcome is Outcome.STOPPED
    assert texts(jobs) == told[-15:]  # pages of eight share the message at their edge
    assert channel(jobs).open_before is not None
    assert "Lo traído se conserva" in report.sentence()
    rocket.fault = lambda _path, _params: None
    rocket.edit(rocket.messages["General"][2], "corregido mientras tanto")
    rocket.say("General", "nuevo", at=rocket.tick())
    rocket.asked.clear()
    again = bring(jobs, rocket)
    assert again.problem == ""
    assert texts(jobs) == [*told[:2], "corregido mientras tanto", *told[3:], "nuevo"]
    assert channel(jobs).open_before is None
    assert rocket.asked[0][0] == "chat.syncMessages"
    assert all("latest" in params for path, params in rocket.asked[1:] if path == "channels.history")


def test_a_server_gone_before_the_first_page_leaves_nothing(jobs: Jobs, rocket: Rocket, told: list[str]):
    rocket.fault = lambda _path, _params: Reply(503, b"")
    report = bring(jobs, rocket)
    assert report.problem
    assert jobs.read(lambda s: s.scalar(select(func.count(ChatChannel.id)))).result() == 0
    assert report.changes.tables == {}


def test_cancelled_between_two_pages(jobs: Jobs, rocket: Rocket, told: list[str]):
    work = Work()

    def cancel_third(_path: str, _params: dict[str, str]) -> Reply | None:
        if len(rocket.asked) == 3:
            work.cancel()
        return None

    rocket.fault = cancel_third
    report = bring(jobs, rocket, work=work)
    assert report.was_cancelled
    assert texts(jobs) == told[-15:]
    assert bring(jobs, rocket).was_cancelled is False
    assert texts(jobs) == told


def test_all_pages_are_one_operation_that_is_undone_at_once(jobs: Jobs, rocket: Rocket, told: list[str]):
    report = bring(jobs, rocket)
    operation_id = report.changes.operation_id
    assert operation_id is not None
    label = jobs.read(lambda s: s.get_one(Operation, operation_id).label).result()
    assert label == "Traer 30 mensajes de General"
    jobs.write(lambda s: undo.undo(s, operation_id)).result()
    assert texts(jobs) == []
    assert bring(jobs, rocket).total("new") == 30
    assert texts(jobs) == told


def test_a_refused_room_leaves_the_others(jobs: Jobs, rocket: Rocket, told: list[str]):
    report = bring(jobs, rocket, Wanted("Nada", "Nada", ChannelType.PRIVATE), ROOM)
    assert [row.outcome for row in report.rows] == [Outcome.REFUSED, Outcome.DONE]
    assert report.sentence().endswith("1 canal no se pudo leer.")
    assert "El servidor no lo permite" in report.rows[0].words()
    assert texts(jobs) == told


def test_an_empty_room_is_a_channel_all_the_same(jobs: Jobs, rocket: Rocket):
    rocket.room("General")
    assert bring(jobs, rocket).sentence() == "Nada nuevo."
    rocket.say("General", "primero", at=rocket.tick())
    assert bring(jobs, rocket).sentence() == "1 mensaje nuevo."
    assert texts(jobs) == ["primero"]


def test_a_known_channel_is_linked_once_more(jobs: Jobs, rocket: Rocket, told: list[str]):
    bring(jobs, rocket)
    clients = jobs.read(lambda s: list(s.scalars(select(Client.id).order_by(Client.id).limit(2)))).result()
    for ident in clients:
        bring(jobs, rocket, Wanted("General", "General", ChannelType.PUBLIC, (key_of("client", ident),)))
    links = jobs.read(lambda s: set(s.scalars(select(ChatLink.record).where(ChatLink.deleted_at.is_(None))))).result()
    assert links == {key_of("client", ident) for ident in clients}


def test_a_posted_message_is_not_brought_twice(jobs: Jobs, rocket: Rocket, told: list[str]):
    bring(jobs, rocket)
    made = channel(jobs)
    raw = {"_id": "propio", "rid": "General", "msg": "enviado", "ts": "2026-03-20T10:00:00.000Z",
           "u": {"username": "ana", "name": "Ana"}}  # fmt: skip
    jobs.write(lambda s: talk.posted(s, made.id, raw)).result()
    rocket.say("General", "enviado", by="ana", at=rocket.tick(), _id="propio")
    assert bring(jobs, rocket).total("new") == 0
    line = jobs.read(lambda s: talk.latest(s, made.id, "ana")).result().lines[-1]
    assert (line.body, line.is_own, line.is_local) == ("enviado", True, False)


def test_a_deleted_channel_is_made_anew(jobs: Jobs, rocket: Rocket, told: list[str]):
    from oficrm import deleting

    bring(jobs, rocket)
    first = channel(jobs).id
    jobs.write(lambda s: deleting.delete(s, "chat_channel", [first])).result()
    assert jobs.read(lambda s: storing.find(s, rocket.address, "General")).result() is None
    assert bring(jobs, rocket).total("new") == 30
    assert channel(jobs).id != first


def test_five_thousand_messages_take_bounded_memory(jobs: Jobs, rocket: Rocket):
    rocket.room("General")
    for number in range(5_000):
        rocket.say("General", f"{number:05} " + "texto largo " * 20)
    bring(jobs, rocket, Wanted("Otro", "Otro", ChannelType.PUBLIC))  # what is loaded once is loaded
    tracemalloc.start()
    try:
        report = bring(jobs, rocket)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert report.total("new") == 5_000
    assert len(texts(jobs)) == 5_000
    assert peak < 24_000_000, peak


def test_the_connection_is_made_in_the_thread_of_the_import(jobs: Jobs):
    def connect() -> Connection:
        raise Unreachable("No hay red.")

    report = importing.start(jobs, connect, [ROOM]).result(10)
    assert report.sentence() == "No hay red."
