"""Properties of Outlook, the same in a .msg (MS-OXMSG) and in a winmail.dat (MS-OXTNEF): texts, bytes, numbers,
instants, and the body and attachments made of them.
"""

import datetime as dt
import struct

from oficrm.mail import rtf
from oficrm.mail.decoding import FIRST_YEAR, LAST_YEAR, clean_line, clean_text, codec_of, decode
from oficrm.mail.message import MAX_TEXT, Part

STRING8, UNICODE, BINARY, OBJECT, INTEGER, TIME = 0x001E, 0x001F, 0x0102, 0x000D, 0x0003, 0x0040

MESSAGE_CLASS, SUBJECT, SUBMIT_TIME, DELIVERY_TIME = 0x001A, 0x0037, 0x0039, 0x0E06
TRANSPORT_HEADERS, MESSAGE_ID, REFERENCES, IN_REPLY_TO = 0x007D, 0x1035, 0x1039, 0x1042
SENDER_NAME, SENDER_EMAIL, SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
FOR_NAME, FOR_EMAIL, FOR_SMTP = 0x0042, 0x0065, 0x5D02
DISPLAY_TO, DISPLAY_CC, DISPLAY_BCC = 0x0E04, 0x0E03, 0x0E02
BODY, RTF, HTML = 0x1000, 0x1009, 0x1013
INTERNET_CODE_PAGE, MESSAGE_CODE_PAGE = 0x3FDE, 0x3FFD
RECIPIENT_TYPE, DISPLAY_NAME, EMAIL, SMTP = 0x0C15, 0x3001, 0x3003, 0x39FE
ATTACH_DATA, ATTACH_NAME, ATTACH_LONG_NAME, ATTACH_MIME, ATTACH_ID = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712

# Code pages of Windows that are not called cp and their number
_PAGES = {
    936: "gb18030", 1200: "utf-16-le", 10000: "mac_roman", 20127: "", 20866: "koi8-r", 21866: "koi8-u", 28591: "cp1252",
    28605: "iso-8859-15", 50220: "iso2022_jp_ext", 51932: "euc-jp", 54936: "gb18030", 65001: "utf-8",
}  # fmt: skip
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)


class Properties:
    """Values by property number, as bytes of the type they were written in; read when asked for, never raising."""

    def __init__(self, code_page: int = 0) -> None:
        self._values: dict[int, dict[int, bytes]] = {}
        self._code_page = code_page

    def add(self, number: int, kind: int, value: bytes) -> None:
        """Keep a value; of several the first counts."""
        self._values.setdefault(number, {}).setdefault(kind, value)

    def __bool__(self) -> bool:
        return bool(self._values)

    def integer(self, number: int) -> int | None:
        """An integer of 32 bits, None when there is none."""
        raw = self._values.get(number, {}).get(INTEGER, b"")
        return struct.unpack_from("<i", raw)[0] if len(raw) >= 4 else None

    def time(self, number: int) -> dt.datetime | None:
        """An instant (UTC), None when there is none or it is not to be believed."""
        raw = self._values.get(number, {}).get(TIME, b"")
        if len(raw) < 8:
            return None
        try:
            moment = _EPOCH + dt.timedelta(microseconds=struct.unpack_from("<Q", raw)[0] // 10)
        except OverflowError:
            return None
        return moment.replace(microsecond=0) if FIRST_YEAR <= moment.year <= LAST_YEAR else None

    def binary(self, number: int) -> bytes | None:
        """Bytes as they are, None when there are none."""
        return self._values.get(number, {}).get(BINARY)

    def _codec(self, body: bool) -> str:
        pages = (INTERNET_CODE_PAGE, MESSAGE_CODE_PAGE) if body else (MESSAGE_CODE_PAGE, INTERNET_CODE_PAGE)
        numbers = (*(self.integer(page) for page in pages), self._code_page)
        return next((codec for number in numbers if number and (codec := codec_of_page(number))), "")

    def text(self, number: int, body: bool = False) -> str:
        """Text of several lines, "" when there is none."""
        kinds = self._values.get(number, {})
        if (raw := kinds.get(UNICODE)) is not None:
            text = raw[: MAX_TEXT * 2].decode("utf-16-le", "replace")
        elif (raw := kinds.get(STRING8)) is not None:
            text = decode(raw[: MAX_TEXT * 4], self._codec(body))[0]
        else:
            return ""
        return clean_text(text.rstrip("\0"))

    def line(self, number: int) -> str:
        """Text on one line, "" when there is none."""
        return clean_line(self.text(number))

    def texts(self) -> tuple[list[tuple[str, str]], list[str]]:
        """Body as (type, text): plain, HTML, or what the RTF holds when there is neither; and Spanish sentences about
        what could not be read.
        """
        found, problems = [], []
        if plain := self.text(BODY, body=True):
            found.append(("text/plain", plain))
        if page := self.text(HTML, body=True):
            found.append(("text/html", page))
        elif raw := self.binary(HTML):
            text, _ = decode(raw[: MAX_TEXT * 4], self._codec(body=True))
            found.append(("text/html", clean_text(text)))
        packed = self.binary(RTF)
        if packed and "text/html" not in dict(found):
            try:
                text, is_html = rtf.read(rtf.decompress(packed))
            except ValueError:
                problems.append("El texto con formato de Outlook no se pudo leer.")
            else:
                if text.strip() and (is_html or not found):
                    found.append(("text/html" if is_html else "text/plain", clean_text(text)))
        return found, problems

    def attachment(self) -> Part:
        """The attachment that these properties describe, its name "" when it has none."""
        name = self.line(ATTACH_LONG_NAME) or self.line(ATTACH_NAME) or self.line(DISPLAY_NAME)
        mime = self.line(ATTACH_MIME).lower()
        data = self.binary(ATTACH_DATA) or b""
        return Part(name, mime if "/" in mime else "application/octet-stream", data, self.line(ATTACH_ID).strip("<> "))


def codec_of_page(number: int) -> str:
    """Codec of a Windows code page number, "" when there is none."""
    if number in _PAGES:
        return _PAGES[number]
    if 28592 <= number <= 28606:
        return codec_of(f"iso-8859-{number - 28590}")
    return codec_of(f"cp{number}")
