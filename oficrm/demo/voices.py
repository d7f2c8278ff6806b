"""What the people of the example company tell each other: comments, log, calendar, and the notices these bring."""

import datetime as dt
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import update

from db.filed import key_of
from db.models.calendar_item import CalendarInvitee, CalendarItem, CalendarLink
from db.models.comment import Comment
from db.models.log_entry import LogEntry
from db.notification import Notification
from oficrm import comments
from oficrm.demo.firm import Firm
from oficrm.demo.timeline import OPENS, instant, workday

_REMARKS, _LOG, _EVENTS = (30, 140), (24, 120), (60, 200)
_UNREAD_DAYS = 8
"""Older notices have been read."""
TEN = dt.time(10)


class Voices:
    """Writes talk and plans around clients and people."""

    def __init__(self, firm: Firm) -> None:
        self._firm = firm
        self._rng = Random(len(firm.clients))
        self._users = [*firm.sellers, *firm.staff["support"]]
        self._people = firm.people_of()

    def plan(self) -> None:
        """All of it."""
        self._write_comments()
        self._write_log()
        self._write_calendar()
        for place in range(7):
            ago = 2 + place * 3
            self._firm.timeline.at(self._firm.day(ago), TEN, partial(self._mention, place))

    def finish(self) -> None:
        """What was told long ago has been read."""
        seen = instant(self._firm.day(_UNREAD_DAYS), OPENS)
        read = update(Notification).where(Notification.at < seen).values(read_at=Notification.at)
        self._firm.session.execute(read)

    def _count(self, bounds: tuple[int, int], each: int) -> int:
        fewest, most = bounds
        return max(fewest, min(most, len(self._firm.plan.contacts) // each))

    def _key(self, turn: int) -> str:
        """A client, or one of its people."""
        client = self._rng.randrange(len(self._firm.clients))
        people = self._people.get(client)
        if turn % 3 == 2 and people:
            return key_of("person", self._rng.choice(people))
        return key_of("client", self._firm.clients[client])

    # --- comments

    def _write_comments(self) -> None:
        """Remarks, and answers to some."""
        firm, rng = self._firm, self._rng
        heads: list[dict[str, Any]] = []
        for turn in range(self._count(_REMARKS, 12)):
            day = workday(firm.day(rng.randint(3, 320)))
            heads.append(self._said(rng.choice(firm.words["remarks"]), self._key(turn), day, rng.choice(self._users)))
        heads.sort(key=lambda row: row["created_at"])
        ids = firm.bulk(Comment, heads)
        answers = []
        for place, (ident, head) in enumerate(zip(ids, heads, strict=True)):
            if place % 3 == 1:
                user = rng.choice([each for each in self._users if each != head["author_id"]])
                day = min(workday(head["created_at"].date() + dt.timedelta(days=1)), firm.day(1))
                row = self._said(rng.choice(firm.words["replies"]), head["record"], day, user)
                answers.append(row | {"parent_id": ident})
        firm.bulk(Comment, answers)

    def _said(self, body: str, record: str, day: dt.date, user: int) -> dict[str, Any]:
        at = self._firm.at(day, dt.time(9 + self._rng.randrange(8), self._rng.randrange(60)))
        return {
            "record": record, "body": body, "author_id": user, "is_internal": self._rng.random() < 0.9,
            "created_at": at, "created_by": self._firm.logins[user], "modified_by": self._firm.logins[user],
        }  # fmt: skip

    def _mention(self, place: int) -> None:
        """A colleague wants something of whoever is at the screen, who answers some."""
        firm = self._firm
        key = key_of("client", firm.clients[firm.buyers()[place % len(firm.buyers())]])
        text = firm.words["mentions"][place % len(firm.words["mentions"])].format(name=firm.names[firm.me])
        with firm.acting(firm.sellers[1 + place % (len(firm.sellers) - 1)]):
            ident = comments.publish(firm.session, key, text)
        if place % 3 == 1:
            with firm.acting(firm.me):
                comments.publish(firm.session, key, firm.words["replies"][place % 5], parent=ident)

    # --- log

    def _write_log(self) -> None:
        firm, rng = self._firm, self._rng
        made: list[dict[str, Any]] = []
        for turn in range(self._count(_LOG, 20)):
            kind, summary, details = rng.choice(firm.words["log"])
            when = firm.at(workday(firm.day(rng.randint(3, 330))), dt.time(9 + turn % 9, 10 * turn % 60))
            user = rng.choice(self._users)
            made.append({
                "occurred_at": when, "kind": kind, "summary": summary, "details": details, "author_id": user,
                "record": key_of("client", firm.clients[rng.randrange(len(firm.clients))]), "created_at": when,
                "created_by": firm.logins[user], "modified_by": firm.logins[user],
            })  # fmt: skip
        made.sort(key=lambda row: row["occurred_at"])
        firm.bulk(LogEntry, made)

    # --- calendar

    def _write_calendar(self) -> None:
        """Events and tasks of the year, of this week above all; a third of them are of whoever is at the screen."""
        firm, rng = self._firm, self._rng
        wanted = self._count(_EVENTS, 8)
        made: list[dict[str, Any]] = []
        for turn in range(wanted):
            recent = turn < wanted // 2
            ahead = rng.randint(-12, 14) if recent else -rng.randint(12, 320)
            day = workday(firm.today + dt.timedelta(days=ahead))
            user = firm.me if turn % 3 == 0 else rng.choice(self._users)
            made.append(self._event(day, user) if turn % 5 < 3 else self._task(day, user))
        made.sort(key=lambda row: (row["date"], row["time"] or dt.time.min))
        ids = firm.bulk(CalendarItem, made)
        links: list[dict[str, Any]] = []
        for turn, (ident, row) in enumerate(zip(ids, made, strict=True)):
            client = rng.randrange(len(firm.clients))
            keys = [key_of("client", firm.clients[client])]
            if self._people.get(client) and turn % 4:
                keys.append(key_of("person", rng.choice(self._people[client])))
            links += [{"calendar_item_id": ident, "record": key, "created_at": row["created_at"]} for key in keys]
        firm.bulk(CalendarLink, links)
        firm.bulk(CalendarInvitee, [
            {"calendar_item_id": ident, "user_id": user, "created_at": row["created_at"]}
            for turn, (ident, row) in enumerate(zip(ids, made, strict=True)) if turn % 4 == 0 and row["kind"] == "event"
            for user in rng.sample([each for each in self._users if each != row["assigned_user_id"]], 2)
        ])  # fmt: skip

    def _event(self, day: dt.date, user: int) -> dict[str, Any]:
        firm, rng = self._firm, self._rng
        subject, kind, minutes = rng.choice(firm.words["events"])
        starts = dt.datetime.combine(day, dt.time(rng.choice((9, 10, 11, 12, 16, 17)), rng.choice((0, 30))))
        past = day < firm.today
        held = rng.random() < 0.85
        state = ("held" if held else "not_held") if past else "planned"
        return {
            "kind": "event", "subject": subject, "activity_type": kind, "date": day, "time": starts.time(),
            "end_time": (starts + dt.timedelta(minutes=minutes)).time(), "event_status": state, "task_status": None,
            "assigned_user_id": user, "location": rng.choice(("En sus oficinas", "En la tienda", "Videollamada", None)),
            "outcome": rng.choice(firm.words["outcomes"]) if past and held else None, "reminder_minutes": 15,
            "priority": "medium", "created_at": firm.at(day - dt.timedelta(days=5), None),
        }  # fmt: skip

    def _task(self, day: dt.date, user: int) -> dict[str, Any]:
        firm, rng = self._firm, self._rng
        if day < firm.today:
            state = rng.choices(("completed", "in_progress", "deferred", "waiting"), (12, 1, 1, 1))[0]
        else:
            state = rng.choice(("not_started", "not_started", "in_progress", "waiting"))
        return {
            "kind": "task", "subject": rng.choice(firm.words["tasks"]), "activity_type": "follow_up", "date": day,
            "time": None, "event_status": None, "task_status": state, "assigned_user_id": user,
            "priority": rng.choice(("low", "medium", "medium", "high")), "reminder_minutes": 15,
            "created_at": firm.at(day - dt.timedelta(days=8), None),
        }  # fmt: skip
