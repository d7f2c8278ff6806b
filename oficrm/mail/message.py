"""A message that was read: the same shape whether it came as .eml or as .msg, free of rubbish that a screen or a
database would choke on (control characters, lone surrogates, NUL).
"""

import datetime as dt
from dataclasses import dataclass

MIB = 1024 * 1024
DEFAULT_LIMIT = 128 * MIB  # bytes of one message file
MAX_PARTS = 500  # attachments taken out of one message; the rest stay in the original, which is kept
MAX_TEXT = 1_000_000  # characters of text or HTML kept of one message


class Unreadable(Exception):
    """What was given is no message at all, or one too large; the Spanish text says which."""


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody with an address: `email` in lower case, "" when there was none or it could not be read."""

    name: str
    email: str

    def __str__(self) -> str:
        if not self.email:
            return self.name
        return f"{self.name} <{self.email}>" if self.name else self.email


@dataclass(slots=True)
class Part:
    """An attachment. A message inside a message is one too: "<subject>.eml", message/rfc822 and its bytes as sent.

    `name` is what the sender wrote, minus control characters: make it safe before using it as the name of a file.
    `is_inline`: the HTML shows it in its place (cid:), so a list of attachments may leave it out.
    """

    name: str
    mime: str
    data: bytes
    content_id: str = ""
    is_inline: bool = False


@dataclass(slots=True)
class Message:
    """A message as read. `html` is what was sent, never to be shown before html.safe() went over it."""

    message_id: str  # without <>, "" when there is none
    in_reply_to: str
    references: tuple[str, ...]
    sent_at: dt.datetime | None  # UTC, None when it could not be read
    sender: Address | None
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    text: str  # plain; made from the HTML when there was no plain text
    html: str
    parts: tuple[Part, ...]
    headers: tuple[tuple[str, str], ...]  # decoded, all, in their order
    problems: tuple[str, ...]  # Spanish sentences: what could not be read


def thread_root(message: Message) -> str:
    """Message-ID of the message that began the thread (RFC 5322 3.6.4): the first of References, else In-Reply-To, else
    its own.
    """
    return message.references[0] if message.references else message.in_reply_to or message.message_id
