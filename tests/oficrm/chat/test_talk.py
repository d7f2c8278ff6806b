"""A conversation in stretches, searched, and written by hand."""

import datetime as dt
from functools import partial

import pytest
from sqlalchemy import select

from db.history import operation
from db.models.chat_channel import ChannelType, ChatChannel, ChatMessage
from db.models.client import Client
from oficrm import deleting, restoring, undo
from oficrm.chat import storing, talk
from oficrm.chat.messages import Incoming
from oficrm.errors import Refused
from oficrm.jobs import Jobs

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def incoming(number: int) -> Incoming:
    """Three messages a minute, every fifth about a quote."""
    body = f"mensaje {number}" if number % 5 else f"Presupuesto número {number}"
    return Incoming(
        f"m{number}", ("Marta", "Juan")[number % 2], "marta", START + dt.timedelta(minutes=number // 3), body
    )


def make(jobs: Jobs, count: int = 0, name: str = "Obra") -> int:
    def job(session) -> int:
        with operation(session, "Canal de prueba"):
            channel = storing.new_channel(session, name, ChannelType.PRIVATE)
            storing.take_in(session, channel.id, [
                incoming(number) for number in range(count)
            ])  # fmt: skip
            return channel.id

    return jobs.write(job).result().value


def test_the_newest_come_first_and_older_ones_join_on_without_gap(jobs: Jobs):
    ident = make(jobs, 150)
    stretch = jobs.read(lambda s: talk.latest(s, ident)).result()
    assert [stretch.lines[0].body, stretch.lines[-1].body] == ["Presupuesto número 90", "mensaje 149"]
    lines = list(stretch.lines)
    while stretch.has_older:
        stretch = jobs.read(partial(talk.latest, channel_id=ident, before=lines[0].mark)).result()
        lines = [*stretch.lines, *lines]
    assert [line.id for line in lines] == sorted({line.id for line in lines})
    assert len(lines) == 150


def test_what_is_shown_is_read_again_with_what_came_after(jobs: Jobs):
    ident = make(jobs, 100)
    shown = jobs.read(lambda s: talk.latest(s, ident)).result()
    jobs.write(lambda s: talk.note(s, ident, "nota")).result()
    again = jobs.read(lambda s: talk.again(s, ident, "", shown.lines[0].mark)).result()
    assert again.lines[:-1] == shown.lines
    assert again.lines[-1].body == "nota"


def test_words_are_found_anywhere_without_accents(jobs: Jobs):
    ident = make(jobs, 150)
    make(jobs, 20, "Otro")
    hits = jobs.read(lambda s: talk.find(s, ident, "PRESUPUESTO numero")).result()
    assert len(hits) == 30
    assert hits[0].words == "Presupuesto número 145"
    assert jobs.read(lambda s: talk.find(s, ident, "%")).result() == []
    assert jobs.read(lambda s: talk.find(s, ident, "  ")).result() == []


def test_what_was_found_is_read_with_its_surroundings_and_on_to_the_end(jobs: Jobs):
    ident = make(jobs, 150)
    hit = jobs.read(lambda s: talk.find(s, ident, "mensaje 41")).result()[-1]
    stretch = jobs.read(lambda s: talk.around(s, ident, "", hit.id)).result()
    lines = list(stretch.lines)
    assert [lines[0].body, lines[-1].body] == ["mensaje 11", "Presupuesto número 100"]
    assert (stretch.has_older, stretch.has_newer) == (True, True)
    shown = jobs.read(lambda s: talk.again(s, ident, "", lines[0].mark, lines[-1].mark)).result()
    assert shown == stretch
    newer = jobs.read(lambda s: talk.newer(s, ident, "", lines[-1].mark)).result()
    assert [newer.lines[0].body, newer.lines[-1].body, newer.has_newer] == ["mensaje 101", "mensaje 149", False]
    with pytest.raises(Refused, match="ya no existe"):
        jobs.read(lambda s: talk.around(s, ident, "", 10_000)).result()


def test_a_note_is_mine_and_is_undone(jobs: Jobs):
    ident = make(jobs)
    done = jobs.write(lambda s: talk.note(s, ident, "  Llamar el lunes\r\n")).result()
    assert done.changes.label == "Anotar mensaje en Obra"
    assert ident in done.changes.shown("chat_channel")
    [line] = jobs.read(lambda s: talk.latest(s, ident)).result().lines
    assert (line.body, line.is_own, line.is_local) == ("  Llamar el lunes", True, True)
    assert line.author == jobs.read(talk.me).result()[1]
    operation_id = done.changes.operation_id
    assert operation_id is not None
    jobs.write(lambda s: undo.undo(s, operation_id)).result()
    assert jobs.read(lambda s: talk.latest(s, ident)).result().lines == ()


def test_who_wrote_is_me_only_where_it_is(jobs: Jobs):
    ident = make(jobs, 2)
    marta = jobs.read(lambda s: talk.latest(s, ident, "marta")).result().lines
    assert [line.is_own for line in marta] == [True, True]
    assert not any(line.is_own for line in jobs.read(lambda s: talk.latest(s, ident, "")).result().lines)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 5001, "a\x00b"])
def test_what_cannot_be_written_is_refused(jobs: Jobs, text: str):
    ident = make(jobs)
    with pytest.raises(Refused):
        jobs.write(lambda s: talk.note(s, ident, text)).result()


def test_only_what_was_noted_here_is_deleted_here(jobs: Jobs):
    ident = make(jobs, 1)
    note = jobs.write(lambda s: talk.note(s, ident, "nota")).result().value
    foreign = jobs.read(
        lambda s: s.scalars(select(ChatMessage.id).where(ChatMessage.external_id == "m0")).one()
    ).result()
    with pytest.raises(Refused, match="viene de fuera"):
        jobs.write(lambda s: talk.remove(s, foreign)).result()
    jobs.write(lambda s: talk.remove(s, note)).result()
    assert [line.body for line in jobs.read(lambda s: talk.latest(s, ident)).result().lines] == ["Presupuesto número 0"]
    with pytest.raises(Refused, match="ya no existe"):
        jobs.write(lambda s: talk.remove(s, note)).result()


def test_links_to_records_come_and_go(jobs: Jobs):
    ident = make(jobs)
    client = jobs.read(lambda s: s.scalars(select(Client.id).order_by(Client.id).limit(1)).one()).result()
    key = f"client:{client}"
    assert jobs.write(lambda s: talk.link(s, [ident], [key])).result().value == "Vinculado a Talleres Ruiz: «Obra»."
    assert jobs.write(lambda s: talk.link(s, [ident], [key])).result().value == "Ya estaba en Talleres Ruiz."
    assert [place.title for place in jobs.read(lambda s: talk.places(s, ident)).result()] == ["Talleres Ruiz"]
    with pytest.raises(Refused, match="ese módulo"):
        jobs.write(lambda s: talk.link(s, [ident], [f"chat_channel:{ident}"])).result()
    jobs.write(lambda s: talk.unlink(s, ident, key)).result()
    assert jobs.read(lambda s: talk.places(s, ident)).result() == ()


def test_a_deleted_channel_takes_its_messages_along_and_back(jobs: Jobs):
    ident = make(jobs, 3)
    jobs.write(lambda s: deleting.delete(s, "chat_channel", [ident])).result()
    assert jobs.read(lambda s: talk.latest(s, ident)).result().lines == ()
    with pytest.raises(Refused, match="papelera"):
        jobs.write(lambda s: talk.note(s, ident, "tarde")).result()
    jobs.write(lambda s: restoring.restore_deleted(s, "chat_channel", ident)).result()
    assert len(jobs.read(lambda s: talk.latest(s, ident)).result().lines) == 3


def test_rooms_of_channels_by_server(jobs: Jobs):
    def job(session) -> list[int]:
        with operation(session, "Canales"):
            made = [storing.new_channel(session, name, ChannelType.PUBLIC, server=server, external_id=name)
                    for name, server in (("a", "https://x.es"), ("b", "https://y.es"))]  # fmt: skip
            return [channel.id for channel in made] + [storing.new_channel(session, "c", ChannelType.PUBLIC).id]

    ids = jobs.write(job).result().value
    found = jobs.read(lambda s: talk.rooms_of(s, ids)).result()
    assert found == {"https://x.es": [("a", "a", "public")], "https://y.es": [("b", "b", "public")]}


def test_one_room_has_one_channel(jobs: Jobs):
    def job(session) -> None:
        with operation(session, "Canales"):
            for _ in range(2):
                storing.new_channel(session, "a", ChannelType.PUBLIC, server="https://x.es", external_id="a")

    with pytest.raises(Exception, match=r"UNIQUE|uq_chat_channel"):
        jobs.write(job).result()
    assert jobs.read(lambda s: list(s.scalars(select(ChatChannel.id)))).result() == []
