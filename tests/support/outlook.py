"""Outlook messages for tests: compound files (MS-CFB) with the streams of a .msg (MS-OXMSG), and winmail.dat.

No library at hand writes them, and messages of real people have no place among tests.
"""

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Tree = dict[str, "bytes | Tree"]


@dataclass
class _Entry:
    name: str
    kind: int
    data: bytes = b""
    children: list[int] = field(default_factory=list)
    left: int = FREE
    right: int = FREE
    child: int = FREE
    start: int = END


def compound_file(tree: Tree) -> bytes:
    """A version 3 compound file holding `tree`: bytes are streams, dictionaries are storages."""
    entries = [_Entry("Root Entry", 5)]
    _enter(entries, 0, tree)
    mini = bytearray()
    mini_fat: list[int] = []
    for entry in entries:
        if entry.kind == 2 and 0 < len(entry.data) < 4096:
            entry.start = len(mini_fat)
            count = -(-len(entry.data) // 64)
            mini_fat += [*range(entry.start + 1, entry.start + count), END]
            mini += entry.data.ljust(count * 64, b"\0")
    entries[0].data = bytes(mini)
    sectors: list[bytes] = []
    fat: list[int] = []

    def place(data: bytes) -> int:
        if not data:
            return END
        start, count = len(sectors), -(-len(data) // 512)
        sectors.extend(data[i * 512 : i * 512 + 512].ljust(512, b"\0") for i in range(count))
        fat.extend([*range(start + 1, start + count), END])
        return start

    for entry in entries:
        if entry.kind == 5 or len(entry.data) >= 4096:
            entry.start = place(entry.data)
    mini_fat_start = place(struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(-(-len(mini_fat) // 128) * 512, b"\xff"))
    directory = b"".join(_directory_entry(entry) for entry in entries)
    directory_start = place(directory)
    fat_count = 1
    while fat_count * 128 < len(fat) + fat_count:
        fat_count += 1
    assert fat_count <= 109, "larger than a file without DIFAT can be"
    first_fat = len(sectors)
    fat += [FAT_SECTOR] * fat_count
    fat += [FREE] * (fat_count * 128 - len(fat))
    counters = (0, fat_count, directory_start, 0, 4096, mini_fat_start, -(-len(mini_fat) // 128), END, 0)
    signature = bytes.fromhex("d0cf11e0a1b11ae1")
    header = struct.pack("<8s16xHHHHH6xIIIIIIIII", signature, 0x3E, 3, 0xFFFE, 9, 6, *counters)
    header += struct.pack("<109I", *range(first_fat, first_fat + fat_count), *[FREE] * (109 - fat_count))
    return header + b"".join(sectors) + struct.pack(f"<{len(fat)}I", *fat)


def _enter(entries: list[_Entry], parent: int, tree: Tree) -> None:
    children = []
    for name, content in sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper())):
        children.append(len(entries))
        if isinstance(content, dict):
            entries.append(_Entry(name, 1))
            _enter(entries, children[-1], content)
        else:
            entries.append(_Entry(name, 2, content))
    entries[parent].child = _balanced(entries, children)


def _balanced(entries: list[_Entry], children: list[int]) -> int:
    if not children:
        return FREE
    middle = len(children) // 2
    entry = entries[children[middle]]
    entry.left = _balanced(entries, children[:middle])
    entry.right = _balanced(entries, children[middle + 1 :])
    return children[middle]


def _directory_entry(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII16xI16xIQ", name, len(name), entry.kind, 1, entry.left, entry.right, entry.child, 0,
                       entry.start, len(entry.data))  # fmt: skip


# Messages

Values = Mapping[int, Any]
Attached = Sequence[Mapping[Any, Any]]


def storage(values: Values, header: int) -> Tree:
    """A storage of property `values` by number: texts and bytes in streams, numbers and instants in the list. A pair is
    a type and the bytes as they stand in the stream."""
    listed, tree = bytearray(header), Tree()
    for number, value in values.items():
        if isinstance(value, int):
            listed += struct.pack("<HHIi4x", 3, number, 6, value)
        elif isinstance(value, dt.datetime):
            ticks = int((value - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)).total_seconds()) * 10_000_000
            listed += struct.pack("<HHIQ", 0x40, number, 6, ticks)
        else:
            kind, raw = value if isinstance(value, tuple) else (0x102, value) if isinstance(value, bytes) else (
                0x1F, value.encode("utf-16-le"))  # fmt: skip
            listed += struct.pack("<HHIII", kind, number, 6, len(raw), 0)
            tree[f"__substg1.0_{number:04X}{kind:04X}"] = raw
    tree["__properties_version1.0"] = bytes(listed)
    return tree


def message_tree(values: Values, recipients: Sequence[Values], attachments: Attached, header: int = 32) -> Tree:
    """Streams of a message; an attachment is its values, or the ready tree of a message inside this one."""
    tree = storage({0x001A: "IPM.Note", **values}, header)
    for number, recipient in enumerate(recipients):
        tree[f"__recip_version1.0_#{number:08X}"] = storage(recipient, 8)
    for number, attachment in enumerate(attachments):
        if all(isinstance(key, str) for key in attachment):
            inside = storage({0x3705: 5, 0x3001: "Mensaje"}, 8)
            inside["__substg1.0_3701000D"] = dict(attachment)
        else:
            inside = storage({0x3705: 1, **attachment}, 8)
        tree[f"__attach_version1.0_#{number:08X}"] = inside
    return tree


def msg(values: Values, recipients: Sequence[Values] = (), attachments: Attached = ()) -> bytes:
    """The bytes of a .msg."""
    return compound_file(message_tree(values, recipients, attachments))


# winmail.dat


def _attribute(level: int, name: int, kind: int, data: bytes) -> bytes:
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def tnef_properties(values: dict[int, tuple[int, bytes]]) -> bytes:
    """A list of MAPI properties: number, then type and bytes."""
    written = struct.pack("<I", len(values))
    for number, (kind, raw) in values.items():
        written += struct.pack("<HH", kind, number)
        if kind in (0x1E, 0x1F, 0x102, 0x0D):
            written += struct.pack("<II", 1, len(raw)) + raw + b"\0" * (-len(raw) % 4)
        else:
            written += raw
    return written


def winmail(
    body: bytes = b"", values: dict[int, tuple[int, bytes]] | None = None, files: list[tuple[str, bytes]] | None = None
) -> bytes:
    """A winmail.dat with a plain body, properties of the message, and files with their long names."""
    written = struct.pack("<IH", 0x223E9F78, 1)
    written += _attribute(1, 0x9006, 8, struct.pack("<I", 0x10000))
    written += _attribute(1, 0x9007, 6, struct.pack("<II", 1252, 0))
    if body:
        written += _attribute(1, 0x800C, 2, body + b"\0")
    if values:
        written += _attribute(1, 0x9003, 6, tnef_properties(values))
    for name, data in files or []:
        written += _attribute(2, 0x9002, 6, b"\0" * 14)
        written += _attribute(2, 0x8010, 1, b"CORTO~1.DAT\0")
        written += _attribute(2, 0x800F, 6, data)
        long_name = (name + "\0").encode("utf-16-le")
        written += _attribute(2, 0x9005, 6, tnef_properties({0x3707: (0x1F, long_name)}))
    return written
