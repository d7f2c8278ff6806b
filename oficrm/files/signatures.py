"""Kinds of file told by the bytes they begin with."""

import logging
import re

logger = logging.getLogger(__name__)

# (offset, bytes, MIME type), the first that fits wins
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"\0\0\1\0", "image/vnd.microsoft.icon"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska"),
    (0, b"\0\0\1\xba", "video/mpeg"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-wmv"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"%!PS", "application/postscript"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (0, b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (0, b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"dex\n", "application/vnd.android.package-archive"),
    (0, b"\0asm", "application/wasm"),
    (0, b"Cr24", "application/x-chrome-extension"),
    (0, b"ITSF", "application/vnd.ms-htmlhelp"),
    (0, b"L\0\0\0\x01\x14\x02\0", "application/x-shortcut"),
    (0, b"!<arch>\ndebian-binary", "application/vnd.debian.binary-package"),
    (0, b"\xed\xab\xee\xdb", "application/x-rpm"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (0, b"!BDN", "application/vnd.ms-outlook-pst"),
    (4, b"Standard Jet DB", "application/x-msaccess"),
    (4, b"Standard ACE DB", "application/x-msaccess"),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", "application/onenote"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3"),
    (0, b"vhdxfile", "application/x-disc-image"),
    (0, b"conectix", "application/x-disc-image"),
)
# Signatures that are words somebody may write: only bytes that are no text carry them
_ALSO_TEXT = (b"BZh", b"ID3", b"OggS", b"fLaC", b"8BPS", b"Cr24", b"ITSF", b"!BDN", b"conectix", b"vhdxfile")
_AMBIGUOUS = {b"WEBP", b"WAVE", b"AVI ", b"ustar"}
# ISO 14496-12 4.3: the brand after "ftyp"
_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"msf1": "image/heic",
    b"avif": "image/avif", b"avis": "image/avif",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime",
}  # fmt: skip
# Kinds whose bytes say little: their ending is believed when nothing else fits
_BY_ENDING = {
    "mp3": "audio/mpeg", "aac": "audio/aac", "amr": "audio/amr", "mpg": "video/mpeg", "mpeg": "video/mpeg",
    "3gp": "video/3gpp", "dwg": "image/vnd.dwg", "ttf": "font/ttf", "otf": "font/otf",
    "p7m": "application/pkcs7-mime", "p7s": "application/pkcs7-signature", "p12": "application/x-pkcs12",
    "pfx": "application/x-pkcs12", "cer": "application/x-x509-ca-cert", "key": "application/octet-stream",
}  # fmt: skip
_ENOUGH = 0.5  # confidence of the library below which a few bytes agree by chance


def signed_mime(head: bytes, is_text: bool) -> str:
    """MIME type by the first bytes, "" when none of the signatures fits.

    Args:
        is_text: the bytes read as text, so that signatures made of plain letters prove nothing.
    """
    for offset, mark, mime in _SIGNATURES:
        if head[offset : offset + len(mark)] != mark:
            continue
        if is_text and (mark in _ALSO_TEXT or mark in _AMBIGUOUS):
            continue
        if mark in (b"WEBP", b"WAVE", b"AVI ") and not head.startswith(b"RIFF"):
            continue
        return mime
    if is_text:
        return ""
    if head.startswith(b"MZ") or head.startswith(b"ZM"):
        return "application/vnd.microsoft.portable-executable"
    if head.startswith((b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")):
        # A Java class and a Mach-O file for several processors share their mark: few processors, high Java versions
        return "application/x-mach-binary" if int.from_bytes(head[4:8], "big") < 40 else "application/java-vm"
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    return ""


def library_mime(ending: str, head: bytes) -> str:
    """MIME type of less usual files by the library that knows hundreds of signatures; "" when it is not sure."""
    import puremagic

    try:
        matches = puremagic.magic_string(head)
    except puremagic.PureError:  # its way to say that nothing fits
        matches = []
    except (ValueError, IndexError) as error:
        logger.info("the library for kinds of file failed: %s", error)
        matches = []
    for match in matches:
        agrees = match.extension.lstrip(".").lower() == ending
        if (match.confidence >= _ENOUGH or agrees) and re.fullmatch(r"[\w.+-]+/[\w.+-]+", match.mime_type or ""):
            return str(match.mime_type)
    return _BY_ENDING.get(ending, "")
