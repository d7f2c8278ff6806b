"""Plantillas: the pages that records print to, written by the user in HTML with Jinja2."""

from sqlalchemy.orm import Mapped

from db.fields import choice, long_text, text, yes_no
from db.record import Record
from db.screens import Screens, Section
from db.types import Choice

MAX_BODY = 100_000


class PrintedModule(Choice):
    """The modules that print to paper; the keys are their tables, the labels their plurals."""

    QUOTE = "quote", "Presupuestos"
    SALES_ORDER = "sales_order", "Ventas"
    INVOICE = "invoice", "Facturas"
    CREDIT_NOTE = "credit_note", "Notas de crédito"
    PURCHASE_ORDER = "purchase_order", "Compras"
    PROJECT = "project", "Proyectos"
    SUPPORT_CASE = "support_case", "Casos"
    SERVICE_CONTRACT = "service_contract", "Pólizas"


class DocumentTemplate(
    Record, table="document_template", label="Plantilla", plural="Plantillas", menu="Configuración",
    icon="document_template", position=30, feminine=True,
):  # fmt: skip
    """How the records of a module look on paper. The templates of the program need no record: they are always there."""

    name: Mapped[str] = text("Nombre", max_length=80, required=True, search=True)
    printed: Mapped[str] = choice("Para", PrintedModule, required=True, default=PrintedModule.QUOTE, mass_edit=False)
    is_default: Mapped[bool] = yes_no("Preferida", mass_edit=False, help="La que se usa al imprimir sin elegir otra.")
    is_active: Mapped[bool] = yes_no("Activa", default=True, help="Desmarcada, no se ofrece al imprimir.")
    foot: Mapped[str | None] = text("Pie de página", max_length=300, help="Al pie de cada página, a la izquierda.")
    body: Mapped[str] = long_text("Página", required=True, max_length=MAX_BODY, mass_edit=False)

    screens = Screens(
        columns="printed name is_default is_active modified_at",
        filters="printed name is_active",
        sort="printed name",
        form=[Section("Plantilla", "name printed is_default is_active foot body")],
        picker="printed",
        load_at_open=True,
        empty="Se imprime con las plantillas del programa. Añada una para darles otro aspecto.",
    )
