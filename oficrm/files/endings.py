"""What the end of a file name promises, and to which names a system answers by running something."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names with these endings start a program on Windows, macOS or Linux when opened, whatever they hold
PROGRAMS = _words(
    "exe com scr pif cpl msi msp mst msu msix msixbundle appx appxbundle appinstaller dll ocx sys drv xll wll jar "
    "jnlp apk aab xapk ipa deb rpm snap flatpak flatpakref appimage run app pkg mpkg xpi crx gadget chm hlp "
    "diagcab prefpane saver air xbap"
)
SCRIPTS = _words(
    "bat cmd btm ps1 ps1xml ps2 ps2xml psc1 psc2 psd1 psm1 msh msh1 msh2 vb vbs vbe js jse mjs cjs ws wsf wsh wsc "
    "sct hta reg inf ins isp msc sh bash zsh csh ksh fish command tool terminal py pyw pyc pyo pyz pyzw rb pl pm "
    "php lua tcl ahk au3 applescript scpt scptd workflow action osx job"
)
SHORTCUTS = _words(
    "lnk url desktop webloc website inetloc fileloc scf library-ms search-ms searchconnector-ms settingcontent-ms "
    "appref-ms application rdp theme themepack deskthemepack"
)
RUNNABLE = PROGRAMS | SCRIPTS | SHORTCUTS

# Opened by a program that may run what it finds inside
PAGES = _words("html htm xhtml xht shtml mht mhtml svg svgz")
MACROS = _words(
    "docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm slk iqy oqy dqy rqy mdb mde accdb accde ade adp one "
    "onepkg pub"
)
DISC_IMAGES = frozenset(["iso", "img", "vhd", "vhdx", "dmg", "udf"])

# What people take for a document: before a runnable ending it is there to deceive
HARMLESS = _words(
    "pdf doc docx odt rtf txt csv xls xlsx ods ppt pptx odp jpg jpeg png gif bmp webp tif tiff heic svg html htm "
    "eml msg zip rar 7z mp3 mp4 wav avi mov xml json ics vcf"
)

_ENDING = re.compile(r"\.([^.\s/\\]{1,24})[.\s]*$")


def ending_of(name: str) -> str:
    """The ending a system goes by, lower case and without its dot: "Informe.PDF. " gives "pdf", "nota" gives ""."""
    found = _ENDING.search(name[-200:])
    return found[1].lower() if found else ""


def inner_ending(name: str) -> str:
    """The ending before the last one: "factura.pdf .exe" gives "pdf", "factura.exe" gives ""."""
    found = _ENDING.search(name[-200:])
    return ending_of(name[-200:][: found.start()]) if found else ""


def has_double_ending(name: str) -> bool:
    """Whether a name ends like a program but reads like a document: "factura.pdf.exe"."""
    return ending_of(name) in RUNNABLE and inner_ending(name) in HARMLESS
