"""The channels of the example company: what it has talked over with some of its clients, message by message."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from db.filed import key_of
from db.models.chat_channel import ChannelStatus, ChannelType, ChatChannel, ChatLink, ChatMessage
from oficrm.demo.plan import Plan
from oficrm.demo.rows import Rows

MOST_CHANNELS = 18
US, THEM = "us", "them"
_TALKS: tuple[tuple[tuple[str, str, str], ...], ...] = (
    ((THEM, "Buenos días, ¿nos confirmáis la entrega del jueves?", ""),
     (US, "Buenos días, {them}. Sí, sale mañana a primera hora.", ""),
     (US, "El seguimiento es https://envios.example/seguir?id={number}", ""),
     (THEM, "Perfecto, gracias.", "")),
    ((THEM, "Ha llegado todo bien, pero faltan dos cajas.\n\n¿Las enviáis aparte?", ""),
     (US, "Lo miro con almacén y te digo.", ""),
     (US, "Se quedaron en el muelle: salen hoy sin coste.", "Albarán {number}.pdf"),
     (THEM, "Recibido. Gracias por la rapidez.", "")),
    ((US, "Hola, {them}. ¿Pudisteis ver la oferta que os mandamos?", ""),
     (THEM, "Sí, la estamos comparando. ¿El precio incluye el montaje?", ""),
     (US, "Incluye montaje y retirada de embalajes. El transporte va aparte.", ""),
     (THEM, "Pues os digo algo antes del viernes.", ""),
     (US, "Estupendo. Te llamo el viernes por la mañana.", "")),
    ((THEM, "Necesitamos otra copia del certificado, la vuestra caducó.", ""),
     (US, "Aquí la tienes, en vigor hasta fin de año.", "Certificado {number}.pdf"),
     (THEM, "Muchas gracias.", "")),
    ((THEM, "¿Podéis mover la visita al martes por la tarde?", ""),
     (US, "El martes a las cinco me va bien.", ""),
     (THEM, "Hecho. Os espero en recepción.", "")),
    ((US, "Este mes tenemos un 5 % en la línea nueva, por si queréis aprovecharlo.", "Tarifa de la línea nueva.pdf"),
     (THEM, "Se lo paso a compras.", ""),
     (THEM, "Dicen que sí a diez unidades. ¿Nos hacéis el presupuesto?", ""),
     (US, "Os lo envío esta tarde.", "")),
    ((US, "Nota: prefieren que se les llame antes de las diez.", ""),),
    ((THEM, "La factura viene a nombre de la sociedad antigua.", ""),
     (US, "Tienes razón, la corregimos y te la vuelvo a mandar.", ""),
     (US, "Corregida.", "Factura {number}.pdf"),
     (THEM, "Ahora sí. Gracias.", "")),
)  # fmt: skip
_KINDS = (ChannelType.PRIVATE, ChannelType.DIRECT, ChannelType.PRIVATE, ChannelType.LIVE, ChannelType.PUBLIC)

At = Callable[[dt.date, dt.time | None], dt.datetime]


def chats(_session: Session, rows: Rows, plan: Plan, clients: Sequence[int], people: Sequence[int], at: At) -> None:
    """Write channels with their messages inside the current operation.

    ``clients`` and ``people`` are the ids of those of the plan, by position; ``at`` makes an instant of a day and a
    wall time. Each channel is linked to a client and to the person who writes.
    """
    rng = Random(len(plan.people))
    chosen = _people(plan, rng)
    numbers = rows.numbers(ChatChannel, len(chosen))
    made = rows.insert(
        ChatChannel,
        [_channel(plan, place, person, next(numbers), at) for place, person in enumerate(chosen)],
    )
    links: list[dict[str, Any]] = []
    messages: list[dict[str, Any]] = []
    for place, (channel, person) in enumerate(zip(made, chosen, strict=True)):
        client = plan.people[person]["client"]
        since = at(_first_day(plan), None)
        links += [{"channel_id": channel, "record": key, "created_at": since}
                  for key in (key_of("client", clients[client]), key_of("person", people[person]))]  # fmt: skip
        messages += [{"channel_id": channel, **row} for row in _messages(plan, person, place, rng, at)]
    rows.insert(ChatLink, links)
    rows.insert(ChatMessage, messages)


def _people(plan: Plan, rng: Random) -> list[int]:
    """One person each of some clients."""
    first: dict[int, int] = {}
    for position, person in enumerate(plan.people):
        first.setdefault(person["client"], position)
    found = sorted(first.values())
    return sorted(rng.sample(found, min(MOST_CHANNELS, len(found))))


def _first_day(plan: Plan) -> dt.date:
    return plan.today - dt.timedelta(days=150)


def _channel(plan: Plan, place: int, person: int, number: str, at: At) -> dict[str, Any]:
    who, client = plan.people[person], plan.clients[plan.people[person]["client"]]
    seller = plan.salespeople[client["salesperson"]]
    kind = _KINDS[place % len(_KINDS)]
    them = f"{who['first_name']} {who['last_name']}"
    return {
        "number": number, "type": kind, "name": them if kind == ChannelType.DIRECT else client["name"],
        "status": ChannelStatus.ARCHIVED if place % 7 == 6 else ChannelStatus.ACTIVE,
        "members": f"{seller['name']}, {them}", "created_at": at(_first_day(plan), None),
    }  # fmt: skip


def _messages(plan: Plan, person: int, place: int, rng: Random, at: At) -> Iterator[dict[str, Any]]:
    """Some talks, the last of them not long ago."""
    who, client = plan.people[person], plan.clients[plan.people[person]["client"]]
    seller = plan.salespeople[client["salesperson"]]
    talks = rng.sample(_TALKS, rng.randint(2, 6))
    days = sorted(rng.sample(range(1 + place % 5, 140), len(talks)), reverse=True)
    for talk, days_ago in zip(talks, days, strict=True):
        moment = at(plan.today - dt.timedelta(days=days_ago), dt.time(9, rng.randint(0, 50)))
        for side, text, file in talk:
            moment += dt.timedelta(minutes=rng.choice((1, 1, 2, 4, 11, 37)))
            facts = {"them": who["first_name"], "number": 2000 + rng.randint(1, 900)}
            ours = side == US
            yield {
                "author": seller["name"] if ours else f"{who['first_name']} {who['last_name']}",
                "login": seller["login"] if ours else None, "sent_at": moment, "body": text.format(**facts),
                "file_name": file.format(**facts) or None, "created_at": moment,
            }  # fmt: skip
