"""What zip files and OLE compound files hold, told from a few bytes: by the names of their members and streams."""

import re
from collections.abc import Iterator

# PKWARE APPNOTE 4.3.7 and 4.3.12: where the name and its length stand behind the signature
_LOCAL, _LOCAL_LENGTH, _LOCAL_NAME = b"PK\x03\x04", 26, 30
_CENTRAL, _CENTRAL_LENGTH, _CENTRAL_NAME = b"PK\x01\x02", 28, 46
_MAX_NAMES = 2_000

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# MS-CFB 2.2: the size of a sector and the first sector of the directory
_SECTOR_SHIFT, _FIRST_DIRECTORY_SECTOR = 30, 48
DIRECTORY_BYTES = 16 * 1024
# Class of the root storage of a Windows installer, patch and transform: {000C1084-0000-0000-C000-000000000046} ...
_INSTALLER = re.compile(rb"[\x82\x84\x86]\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46")

OFFICE = {
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
OFFICE_ENDINGS = {
    "docx": "word", "docm": "word", "dotx": "word", "dotm": "word",
    "xlsx": "xl", "xlsm": "xl", "xltx": "xl", "xltm": "xl", "xlam": "xl", "xlsb": "xl",
    "pptx": "ppt", "pptm": "ppt", "potx": "ppt", "potm": "ppt", "ppsx": "ppt", "ppsm": "ppt", "ppam": "ppt",
}  # fmt: skip
PROTECTED = "application/x-ole-encrypted-package"
INSTALLER = "application/x-msi"
_STREAMS = (
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("EncryptedPackage", PROTECTED),
    ("WordDocument", "application/msword"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("Workbook", "application/vnd.ms-excel"),
)
_OLE_ENDINGS = {
    "doc": "application/msword",
    "dot": "application/msword",
    "xls": "application/vnd.ms-excel",
    "xlt": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "pps": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
    "msi": INSTALLER,
    "msp": INSTALLER,
}


def _names(data: bytes, signature: bytes, length_at: int, name_at: int) -> Iterator[str]:
    at = data.find(signature)
    while at >= 0:
        length = int.from_bytes(data[at + length_at : at + length_at + 2], "little")
        yield data[at + name_at : at + name_at + min(length, 512)].decode("utf-8", "replace")
        at = data.find(signature, at + 4)


def zip_names(head: bytes, tail: bytes = b"") -> set[str]:
    """Names of the members that the beginning and the end of a zip file speak of."""
    names: set[str] = set()
    for data in (head, tail):
        for layout in ((_LOCAL, _LOCAL_LENGTH, _LOCAL_NAME), (_CENTRAL, _CENTRAL_LENGTH, _CENTRAL_NAME)):
            for name in _names(data, *layout):
                names.add(name)
                if len(names) >= _MAX_NAMES:
                    return names
    return names


def zip_mime(ending: str, head: bytes, tail: bytes = b"") -> tuple[str, bool]:
    """MIME type of a zip file, and whether it brings macros. `ending` decides only where the members do not."""
    # OpenDocument and EPUB: a first member "mimetype", not compressed, says what follows
    if head[30:38] == b"mimetype":
        said = re.match(rb"[\w.+/-]{1,100}", head[38:138])
        if said and said[0].startswith((b"application/vnd.oasis.opendocument.", b"application/epub+zip")):
            return re.sub(r"(?:PK.*|-template)$", "", said[0].decode("ascii")), "Basic/" in str(zip_names(head, tail))
    names = zip_names(head, tail)
    folders = {name.split("/", 1)[0] for name in names if "/" in name}
    if names & {"AndroidManifest.xml", "classes.dex"}:
        return "application/vnd.android.package-archive", False
    if names & {"AppxManifest.xml", "AppxBlockMap.xml", "AppxMetadata/AppxBundleManifest.xml"}:
        return "application/msix", False
    if "META-INF/MANIFEST.MF" in names:
        return "application/java-archive", False
    if "[Content_Types].xml" in names or (ending in OFFICE_ENDINGS and folders & OFFICE.keys()):
        macros = any(name.lower().endswith(("vbaproject.bin", "xl/workbook.bin")) for name in names)
        for folder, mime in OFFICE.items():
            if folder in folders:
                return mime, macros
        if ending in OFFICE_ENDINGS:
            return OFFICE[OFFICE_ENDINGS[ending]], macros
    return "application/zip", False


def ole_directory_offset(head: bytes) -> int:
    """Where the list of streams of a compound file begins, in bytes from the start of the file; 0 when it cannot be."""
    if len(head) < 512 or not head.startswith(OLE_SIGNATURE):
        return 0
    shift = int.from_bytes(head[_SECTOR_SHIFT : _SECTOR_SHIFT + 2], "little")
    sector = int.from_bytes(head[_FIRST_DIRECTORY_SECTOR : _FIRST_DIRECTORY_SECTOR + 4], "little")
    if shift not in (9, 12) or sector >= 0xFFFFFFFA:
        return 0
    return (sector + 1) << shift


def ole_mime(ending: str, head: bytes, tail: bytes = b"") -> tuple[str, bool]:
    """MIME type of a compound file, and whether it brings macros. `ending` decides only where no stream tells."""
    data = head + tail
    macros = any(name.encode("utf-16-le") in data for name in ("_VBA_PROJECT", "Macros"))
    for stream, mime in _STREAMS:
        if stream.encode("utf-16-le") in data:
            return mime, macros
    if _INSTALLER.search(data):
        return INSTALLER, False
    if ending in OFFICE_ENDINGS:  # today's documents are zip files: only a password wraps them like this
        return PROTECTED, False
    return _OLE_ENDINGS.get(ending, "application/x-ole-storage"), macros
