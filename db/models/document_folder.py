"""Carpetas: how the company orders its files."""

from db.models.masters import Master, master_screens


class DocumentFolder(
    Master, table="document_folder", label="Carpeta", plural="Carpetas", menu="Ficheros maestros", icon="folder",
    prefix="CAR", position=60, feminine=True,
):  # fmt: skip
    """A folder of Archivos: a heading, whatever records its files belong to."""

    screens = master_screens()
