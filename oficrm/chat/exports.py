"""Rocket.Chat's files of messages read without a server, in pieces, whatever else may be in them.

* "Export messages" of a room and "Download my data" write one JSON object a line (``msg``, ``username``, ``ts``,
  ``attachments``, ``type``; no ids), or the same as HTML;
* its importer takes, and several tools write, CSV: user, milliseconds, text; ``directmessages.csv`` has two users;
* either may be packed in a ZIP, with a folder or a file for each channel;
* whole answers of the REST API and lines of ``mongoexport`` have ids and are read too.
"""

import csv
import hashlib
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from db.models.chat_channel import NAME_LENGTH, ChannelType
from oficrm.chat import messages, texts
from oficrm.chat.messages import DAMAGED, EMPTY, MOST_NAMES, MOST_TEXT, NOBODY, NOTICE, UNDATED, Incoming, LeftOut
from oficrm.errors import Refused

ENDINGS = (".json", ".html", ".htm", ".csv", ".zip")
MOST_LINE = 4 * 1024 * 1024
MOST_WHOLE = 64 * 1024 * 1024
"""Bytes of a file that can only be read as a whole."""
MOST_UNPACKED = 2 * 1024 * 1024 * 1024
_NOT_CHANNELS = frozenset({"users.csv", "channels.csv", "user.json", "avatars.json"})
_GENERAL_NAMES = frozenset({"messages", "rocketchat_message"})
_START = re.compile(r"<p><strong>(.{0,400}?)</strong> \(([^()]{0,60})\):<br/>$")
_FILE = re.compile(r'^<br/><a href="\./assets/([^"]{1,600})">')

Item = Incoming | LeftOut


@dataclass(frozen=True, slots=True)
class Part:
    """The messages of one channel, to be gone through once."""

    name: str
    kind: ChannelType
    items: Iterator[Item]


def parts(path: Path) -> Iterator[Part]:
    """Yield the channels in a file. Raises Refused, OSError; a part must be read before the next is asked for."""
    if path.suffix.lower() == ".zip":
        yield from _packed(path)
        return
    if path.suffix.lower() not in ENDINGS:
        raise Refused("No es un archivo de mensajes de Rocket.Chat (.json, .html, .csv o .zip).")
    stem = path.stem if path.stem.lower() not in _GENERAL_NAMES else path.resolve().parent.name
    with path.open("rb") as stream:
        yield from _parts_of(path.name, stem or path.stem, ChannelType.PRIVATE, stream)


def _packed(path: Path) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(path) as pack:
            entries = [each for each in pack.infolist() if _is_messages(each.filename)]
            if sum(each.file_size for each in entries) > MOST_UNPACKED:
                raise Refused("El ZIP ocupa demasiado al abrirlo.")
            kinds = _kinds(pack)
            for entry in entries:
                inside = PurePosixPath(entry.filename)
                stem = inside.stem
                if stem.lower() in _GENERAL_NAMES:
                    stem = inside.parent.name or path.stem
                with pack.open(entry) as stream:
                    yield from _parts_of(inside.name, stem, kinds.get(stem, ChannelType.PRIVATE), stream)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Refused("El ZIP está dañado o cifrado.") from error


def _is_messages(name: str) -> bool:
    inside = PurePosixPath(name)
    hidden = any(part in ("assets", "__MACOSX") or part.startswith(".") for part in inside.parts)
    return not hidden and inside.suffix.lower() in ENDINGS[:-1] and inside.name.lower() not in _NOT_CHANNELS


def _kinds(pack: zipfile.ZipFile) -> dict[str, ChannelType]:
    """What ``channels.csv`` says of each: name, who made it, public or private, members."""
    try:
        with pack.open("channels.csv") as stream:
            rows = list(_rows(stream))[:10_000]
    except KeyError:
        return {}
    public = [row[0].strip() for row in rows if len(row) > 2 and row[2].strip().lower() == "public"]
    return dict.fromkeys(public, ChannelType.PUBLIC)


def _parts_of(name: str, stem: str, kind: ChannelType, stream: IO[bytes]) -> Iterator[Part]:
    ending = PurePosixPath(name).suffix.lower()
    title = texts.line(stem, 200) or "Chat"
    if name.lower() == "directmessages.csv":
        yield from _direct(stream)
    elif ending == ".csv":
        yield Part(title, kind, _numbered(_csv(stream)))
    elif ending == ".json":
        yield Part(title, kind, _numbered(_json(stream)))
    else:
        yield Part(title, kind, _numbered(_html(stream)))


def _numbered(items: Iterator[Item]) -> Iterator[Item]:
    """Messages without an id get one by what they say, so that the same file brought in twice adds nothing."""
    met: Counter[str] = Counter()
    for item in items:
        if isinstance(item, LeftOut) or item.external_id:
            yield item
            continue
        facts = [item.sent_at.isoformat(timespec="milliseconds"), item.login or item.author, item.body, item.file_name]
        found = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:40]
        met[found] += 1
        yield Incoming(
            f"exp-{found}-{met[found]}", item.author, item.login, item.sent_at, item.body, item.file_name,
            item.edited_at,
        )  # fmt: skip


# --- JSON


def _json(stream: IO[bytes]) -> Iterator[Item]:
    lines = _lines(stream)
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        return
    opened = _loads(first)
    if isinstance(opened, dict) and "messages" not in opened:
        yield _object(opened)
        for line in lines:
            if line.strip():
                yield _object(_loads(line))
        return
    whole = opened if opened is not None else _loads(first + _rest(lines))
    listed = whole.get("messages") if isinstance(whole, dict) else whole
    if not isinstance(listed, list):
        yield LeftOut(DAMAGED)
        return
    for each in listed:
        yield _object(each)


def _object(raw: Any) -> Item:
    if not isinstance(raw, dict):
        return LeftOut(DAMAGED)
    try:
        if raw.get("_id") and raw.get("u"):
            return messages.read(raw)
        kind = raw.get("type")
        if isinstance(kind, str) and kind not in ("", "e2e"):
            return LeftOut(NOTICE)
        body, names = messages.content(raw)
        user = raw.get("u")
        who = raw.get("username") or (user.get("username") or user.get("name") if isinstance(user, dict) else "")
        return _made(who, raw.get("ts"), body, names)
    except LeftOut as error:
        return error


def _made(who: object, when: object, body: str, names: str = "") -> Item:
    sent_at = messages.moment(when)
    if sent_at is None:
        return LeftOut(UNDATED)
    if not body and not names:
        return LeftOut(EMPTY)
    login = texts.line(who, NAME_LENGTH)
    return Incoming("", login or NOBODY, login, sent_at, body, names)


def _rest(lines: Iterator[str]) -> str:
    """All that follows, as far as it can be read as a whole."""
    held: list[str] = []
    size = 0
    for line in lines:
        size += len(line)
        if size > MOST_WHOLE:
            raise Refused("El archivo es demasiado grande para leerlo de una vez. Expórtelo como JSON de Rocket.Chat.")
        held.append(line)
    return "".join(held)


def _loads(text: str | None) -> Any:
    """None for what is no JSON."""
    try:
        return json.loads(text or "")
    except (ValueError, RecursionError):
        return None


# --- CSV


def _csv(stream: IO[bytes]) -> Iterator[Item]:
    for at, row in enumerate(_rows(stream)):
        item = _cells(row)
        if not (at == 0 and isinstance(item, LeftOut)):  # names of columns
            yield item


def _cells(row: list[str]) -> Item:
    """User, moment, text; or moment, channel, user, text, as Slack has it."""
    if len(row) >= 3 and messages.moment(row[1]) is not None:
        return _made(row[0], row[1], texts.block(row[2], MOST_TEXT))
    if len(row) >= 4 and messages.moment(row[0]) is not None:
        return _made(row[2], row[0], texts.block(row[3], MOST_TEXT))
    return LeftOut(DAMAGED)


def _direct(stream: IO[bytes]) -> Iterator[Part]:
    """From, to, moment, text: a channel for every two."""
    held: dict[str, list[Item]] = {}
    for row in _rows(stream):
        if len(row) >= 4:
            pair = " y ".join(sorted(texts.line(each, 90) or NOBODY for each in row[:2]))
            held.setdefault(pair, []).append(_made(row[0], row[2], texts.block(row[3], MOST_TEXT)))
    for pair, items in held.items():
        yield Part(pair, ChannelType.DIRECT, _numbered(iter(items)))


def _rows(stream: IO[bytes]) -> Iterator[list[str]]:
    rows = csv.reader(_lines(stream))
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield []
            continue
        if row:
            yield row


# --- HTML


def _html(stream: IO[bytes]) -> Iterator[Item]:
    """As the server writes it: the text of a message stands there as it is, line for line, not as HTML."""
    who = when = ""
    said: list[str] | None = None
    for line in _lines(stream):
        found = _START.search(line.rstrip("\n"))
        if found is None:
            if said is not None and sum(map(len, said)) < MOST_LINE:
                said.append(line.rstrip("\n"))
            continue
        if said is not None:
            yield _paragraph(who, when, said)
        who, when, said = found[1], found[2], []
    if said is not None:
        yield _paragraph(who, when, said)


def _paragraph(who: str, when: str, said: list[str]) -> Item:
    while said and said[-1].strip() in ("", "</p>"):
        said.pop()
    file = _FILE.match(said[-1]) if said else None
    names = texts.line(file[1].partition("-")[2] or file[1], MOST_NAMES) if file else ""
    body = texts.block("\n".join(said[:-1] if file else said), MOST_TEXT)
    if body.startswith("<i>") and body.endswith("</i>"):
        return LeftOut(NOTICE)
    try:
        at = parsedate_to_datetime(when).isoformat()
    except ValueError:
        return LeftOut(UNDATED)
    return _made(who, at, "" if body == "undefined" else body, names)


# --- bytes


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """The lines of a stream as text; of one that is too long only its beginning. Raises Refused where it is damaged."""
    is_first = True
    try:
        while line := stream.readline(MOST_LINE):
            rest = line
            while len(rest) == MOST_LINE and not rest.endswith(b"\n"):
                rest = stream.readline(MOST_LINE)
            text = line.decode("utf-8", "replace").replace("\r\n", "\n")
            yield text.removeprefix("\ufeff") if is_first else text
            is_first = False
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Refused("El archivo está dañado: no se ha leído hasta el final.") from error
