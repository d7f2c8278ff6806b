"""Files and mails on the tour: the files of a client, a mail that a contact takes over, and a folder imported."""

from __future__ import annotations

import tempfile
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QWidget

from oficrm import lists
from oficrm.demo import papers
from oficrm.files.sources import Source
from ui.tour.driver import StepFailed

if TYPE_CHECKING:
    from ui.tour.walk import Walk

_TEXT = """Hola, Ana:

Hemos visto la oferta. Nos encaja el plazo, pero necesitamos que el transporte vaya incluido.
¿Podéis pasaros el jueves a ver la nave? Adjunto el plano.

Un saludo,
{name}
"""


class Correspondence:
    """Steps over the walk's application."""

    def __init__(self, walk: Walk) -> None:
        self._walk, self._driver = walk, walk.driver

    def client_files(self) -> None:
        """Open the files of a client that has some, with a preview of one."""
        wanted = lists.ListFilter("client", (lists.Criterion("files_total", "from", "3"),), sort=("-files_total",))
        client = self._first(wanted)
        self._walk.window.windows.open_record("client", client)
        form = cast(Any, self._driver.window("form_client"))
        self._driver.wait(form.is_ready, "the client")
        form.tabs.show_tab("document")
        page = form.tabs.page("document")
        self._driver.wait(lambda: page.part is not None and page.part.page.loaded_ids(), "the files")
        shown: list[bool] = []
        page.part.preview.shown.connect(lambda: shown.append(True))
        rows = page.part.page
        rows.table.select_ids(frozenset({rows.loaded_ids()[0]}), rows.loaded_ids()[0])
        self._driver.wait(lambda: shown, "the preview")
        self._driver.picture(form, "archivos-de-un-cliente")
        form.close()

    def assume_mail(self) -> None:
        """A new contact of type Email takes over a mail with an attachment."""
        person = self._person()
        mail_type = self._first(lists.ListFilter("contact_type", (lists.Criterion("is_email", "is", True),)))
        self._walk.window.windows.open_record("contact", preset={"type": mail_type})
        form = cast(Any, self._driver.window("form_contact"))
        self._driver.wait(form.is_ready, "the contact")
        form.mail.take([Source(data=bytes(_mail(*person, "Re: Oferta de estanterías")), name="oferta.eml")])
        self._driver.wait(lambda: form.form.held.mail is not None, "what the mail says")
        self._driver.wait(lambda: form.panel.timeline.model().rowCount() > 1, "the client's other contacts")
        self._driver.picture(form, "asumir-correo")
        self._driver.click("button_mail_answered", form)
        self._driver.click("button_accept", form)
        self._driver.wait(lambda: not self._walk.open_forms("form_contact"), "the contact saved")

    def import_folder(self) -> None:
        """Import a folder of messages: one of a client, one of nobody, one that is none."""
        from ui.mail.import_dialog import open_import

        person = self._person()
        with tempfile.TemporaryDirectory(prefix="oficrm-correos-") as folder:
            place = Path(folder) / "Correos de noviembre"
            place.mkdir()
            (place / "pedido.eml").write_bytes(bytes(_mail(*person, "Pedido de noviembre")))
            stranger = ("Lucía Prado", "lucia@otra-empresa.example")
            (place / "consulta.eml").write_bytes(bytes(_mail(*stranger, "Consulta de precios")))
            (place / "roto.eml").write_bytes(b"")
            dialog = cast(Any, open_import(self._walk.window.context))
            dialog.set_paths([place])
            dialog.start()
            self._driver.wait(lambda: dialog.model.rowCount() and not dialog.run.is_running(), "the import")
            self._driver.click("part_all", dialog)
            dialog.resize(1020, 520)
            self._driver.picture(cast(QWidget, dialog), "importar-correos")
            dialog.close()

    def _first(self, wanted: lists.ListFilter) -> int:
        ids = self._walk.jobs.read(lambda session: lists.load_ids(session, wanted, 1)).result().ids
        if not ids:
            raise StepFailed(f"no {wanted.table} fits the filter")
        return int(ids[0])

    def _person(self) -> tuple[str, str]:
        """Name and address of somebody at a client that was talked to already."""
        known = (lists.Criterion("email", "empty", False), lists.Criterion("client.last_contact", "empty", False))
        ident = self._first(lists.ListFilter("person", known))
        read = self._walk.jobs.read(lambda session: lists.load_rows(session, "person", [ident], ["title", "email"]))
        name, address = read.result()[ident]
        return str(name), str(address)


def _mail(name: str, address: str, subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = f"{name} <{address}>", "Ana <ana@oficrm.example>"
    message["Subject"], message["Date"] = subject, "Thu, 19 Nov 2026 10:42:00 +0100"
    message["Message-ID"] = f"<{len(subject)}.{address}>"
    message.set_content(_TEXT.format(name=name))
    sheet = papers.pdf("Plano de la nave", ["Planta baja, 1.200 m2"])
    message.add_attachment(sheet, maintype="application", subtype="pdf", filename="Plano.pdf")
    return message
