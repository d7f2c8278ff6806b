"""The kinds of file that have a name of their own in lists, by MIME type."""

import enum
from dataclasses import dataclass


class Danger(enum.Enum):
    """What opening a file can set off."""

    NONE = enum.auto()
    ACTIVE = enum.auto()  # a document that may bring programs: macros, web pages, drawings with scripts, disc images
    EXECUTABLE = enum.auto()  # a program, a script, or a shortcut that starts one


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is, as lists, previews and warnings need it."""

    mime: str
    label: str
    icon: str = "document"
    is_executable: bool = False
    previewable: str = ""  # image, text, pdf, mail, or nothing
    is_active: bool = False

    @property
    def danger(self) -> Danger:
        """What opening it can set off."""
        if self.is_executable:
            return Danger.EXECUTABLE
        return Danger.ACTIVE if self.is_active else Danger.NONE


OTHER = Kind("application/octet-stream", "Otro")
EMPTY = Kind("application/x-empty", "Archivo vacío")
TEXT = Kind("text/plain", "Texto", "file_text", previewable="text")
MAIL = Kind("message/rfc822", "Correo", "file_mail", previewable="mail")
PDF = Kind("application/pdf", "PDF", "file_pdf", previewable="pdf")
SCRIPT = Kind("text/x-script", "Guion (script)", "file_program", True, "text")
SHORTCUT = Kind("application/x-shortcut", "Acceso directo", "file_program", True)
PROGRAM = Kind("application/x-executable", "Programa", "file_program", True)
WINDOWS = Kind("application/vnd.microsoft.portable-executable", "Programa (Windows)", "file_program", True)
PAGE = Kind("text/html", "Página web", "file_text", False, "text", True)
DRAWING = Kind("image/svg+xml", "Dibujo SVG", "file_image", False, "image", True)
MACROS = Kind("application/x-office-macros", "Documento con macros", "document", False, "", True)
DISC = Kind("application/x-disc-image", "Imagen de disco", "file_archive", False, "", True)

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
DOCX = Kind(_OFFICE + "wordprocessingml.document", "Documento de Word", "file_word")
XLSX = Kind(_OFFICE + "spreadsheetml.sheet", "Libro de Excel", "file_excel")
PPTX = Kind(_OFFICE + "presentationml.presentation", "Presentación de PowerPoint", "file_slides")
PROTECTED = Kind("application/x-ole-encrypted-package", "Documento de Office con contraseña")
INSTALLER = Kind("application/x-msi", "Instalador (Windows)", "file_program", True)
ZIP = Kind("application/zip", "Archivo comprimido", "file_archive")

_SINGLE = (
    OTHER, EMPTY, TEXT, MAIL, PDF, SCRIPT, SHORTCUT, PROGRAM, WINDOWS, PAGE, DRAWING, MACROS, DISC,
    DOCX, XLSX, PPTX, PROTECTED, INSTALLER, ZIP,
    Kind("application/vnd.ms-outlook", "Correo de Outlook", "file_mail", previewable="mail"),
    Kind("application/mbox", "Buzón de correo", "file_mail"),
    Kind("application/ms-tnef", "Adjuntos de Outlook", "file_mail"),
    Kind("application/vnd.ms-outlook-pst", "Buzón de Outlook", "file_mail"),
    Kind("multipart/related", "Página web archivada", "file_text", False, "text", True),
    Kind("application/msword", "Documento de Word", "file_word"),
    Kind("application/rtf", "Texto con formato (RTF)", "file_word"),
    Kind("application/vnd.ms-excel", "Libro de Excel", "file_excel"),
    Kind("application/vnd.ms-powerpoint", "Presentación de PowerPoint", "file_slides"),
    Kind("application/x-ole-storage", "Documento compuesto"),
    Kind("application/x-msaccess", "Base de datos de Access", "document", False, "", True),
    Kind("application/onenote", "Bloc de OneNote", "document", False, "", True),
    Kind("application/x-office-xml", "Documento de Office (XML)", "file_word", False, "text", True),
    Kind("application/vnd.sqlite3", "Base de datos"),
    Kind(_OPEN + "text", "Documento de texto (ODF)", "file_word"),
    Kind(_OPEN + "spreadsheet", "Hoja de cálculo (ODF)", "file_excel"),
    Kind(_OPEN + "presentation", "Presentación (ODF)", "file_slides"),
    Kind(_OPEN + "graphics", "Dibujo (ODF)", "file_image"),
    Kind("application/epub+zip", "Libro electrónico", "document"),
    Kind("application/postscript", "PostScript", "document"),
    Kind("text/csv", "Texto CSV", "file_text", previewable="text"),
    Kind("text/xml", "XML", "file_text", previewable="text"),
    Kind("application/json", "JSON", "file_text", previewable="text"),
    Kind("text/vcard", "Tarjeta de contacto", "file_text", previewable="text"),
    Kind("text/calendar", "Calendario", "file_text", previewable="text"),
    Kind("text/markdown", "Texto", "file_text", previewable="text"),
    Kind("image/png", "Imagen PNG", "file_image", previewable="image"),
    Kind("image/jpeg", "Imagen JPEG", "file_image", previewable="image"),
    Kind("image/gif", "Imagen GIF", "file_image", previewable="image"),
    Kind("image/bmp", "Imagen BMP", "file_image", previewable="image"),
    Kind("image/webp", "Imagen WebP", "file_image", previewable="image"),
    Kind("image/tiff", "Imagen TIFF", "file_image", previewable="image"),
    Kind("image/vnd.microsoft.icon", "Icono", "file_image", previewable="image"),
    Kind("image/heic", "Imagen HEIC", "file_image"),
    Kind("image/avif", "Imagen AVIF", "file_image"),
    Kind("image/vnd.adobe.photoshop", "Imagen de Photoshop", "file_image"),
    Kind("image/vnd.dwg", "Plano de AutoCAD", "file_image"),
    Kind("audio/mpeg", "Audio MP3", "file_audio"),
    Kind("audio/wav", "Audio WAV", "file_audio"),
    Kind("video/mp4", "Vídeo MP4", "file_video"),
    Kind("application/vnd.rar", "Archivo comprimido", "file_archive"),
    Kind("application/x-7z-compressed", "Archivo comprimido", "file_archive"),
    Kind("application/gzip", "Archivo comprimido", "file_archive"),
    Kind("application/x-bzip2", "Archivo comprimido", "file_archive"),
    Kind("application/x-xz", "Archivo comprimido", "file_archive"),
    Kind("application/zstd", "Archivo comprimido", "file_archive"),
    Kind("application/x-tar", "Archivo comprimido", "file_archive"),
    Kind("application/vnd.ms-cab-compressed", "Archivo comprimido", "file_archive"),
    Kind("application/x-elf", "Programa (Linux)", "file_program", True),
    Kind("application/x-mach-binary", "Programa (macOS)", "file_program", True),
    Kind("application/java-archive", "Programa (Java)", "file_program", True),
    Kind("application/java-vm", "Programa (Java)", "file_program", True),
    Kind("application/wasm", "Programa (WebAssembly)", "file_program", True),
    Kind("application/x-python-code", "Programa (Python)", "file_program", True),
    Kind("application/vnd.android.package-archive", "Aplicación de Android", "file_program", True),
    Kind("application/msix", "Instalador (Windows)", "file_program", True),
    Kind("application/vnd.debian.binary-package", "Instalador (Linux)", "file_program", True),
    Kind("application/x-rpm", "Instalador (Linux)", "file_program", True),
    Kind("application/x-chrome-extension", "Extensión de navegador", "file_program", True),
    Kind("application/vnd.ms-htmlhelp", "Ayuda de Windows", "file_program", True),
)  # fmt: skip
KNOWN = {kind.mime: kind for kind in _SINGLE}
_FAMILIES = {
    "image": ("Imagen", "file_image"),
    "audio": ("Audio", "file_audio"),
    "video": ("Vídeo", "file_video"),
    "text": ("Texto", "file_text"),
    "font": ("Tipo de letra", "document"),
}
_MAX_MIME = 120


def kind_of_mime(mime: str) -> Kind:
    """The kind with that MIME type as `kind_of` gave it; unknown ones by their family ("audio/x-aiff" is "Audio").

    A kind told by its name only ("foto.html" holding a picture) loses that: `kind_of` sees both.
    """
    if mime in KNOWN:
        return KNOWN[mime]
    label, icon = _FAMILIES.get(mime.partition("/")[0], (OTHER.label, OTHER.icon))
    return Kind(mime[:_MAX_MIME], label, icon) if "/" in mime else OTHER


# How a warning speaks of each kind
_SPOKEN = {
    SCRIPT.mime: "un guion con órdenes para el equipo",
    SHORTCUT.mime: "un acceso directo que puede iniciar un programa",
    PROGRAM.mime: "un programa",
    WINDOWS.mime: "un programa de Windows",
    INSTALLER.mime: "un instalador de Windows",
    PAGE.mime: "una página web, que puede traer programas",
    DRAWING.mime: "un dibujo SVG, que puede traer programas",
    DISC.mime: "una imagen de disco, que puede traer programas",
    "multipart/related": "una página web, que puede traer programas",
    "application/x-elf": "un programa de Linux",
    "application/x-mach-binary": "un programa de macOS",
    "application/java-archive": "un programa de Java",
    "application/java-vm": "un programa de Java",
    "application/x-python-code": "un programa de Python",
    "application/vnd.android.package-archive": "una aplicación de Android",
    "application/msix": "un instalador de Windows",
    "application/vnd.debian.binary-package": "un instalador de Linux",
    "application/x-rpm": "un instalador de Linux",
    "application/x-chrome-extension": "una extensión de navegador",
    "application/vnd.ms-htmlhelp": "una ayuda de Windows, que puede iniciar programas",
    "application/x-msaccess": "una base de datos que puede traer programas",
    "application/onenote": "un bloc de OneNote, que puede traer programas",
}


def spoken(kind: Kind) -> str:
    """What a dangerous kind is, with its article: "un programa de Windows"."""
    if kind.mime in _SPOKEN:
        return _SPOKEN[kind.mime]
    return "un programa" if kind.is_executable else "un documento con macros (pequeños programas)"
