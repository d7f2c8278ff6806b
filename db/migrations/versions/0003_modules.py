"""Thirty modules: sales, purchases, invoices, stock, money, cases, projects, calendar and what ties them together."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")
SORT_KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
LIVE = sa.text("deleted_at IS NULL")
WHO = "Actualización"


def _record(name: str, *columns: Any) -> None:
    """A module's table: its own columns between the id and what every record has."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("modified_at", INSTANT, nullable=False),
        sa.Column("modified_by", sa.String(length=80), nullable=False),
        sa.Column("capture_source", sa.String(length=40), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("sort_key", SORT_KEY, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )


NEW_COLUMNS = (
    ("client", "price_list_id", "INTEGER CONSTRAINT fk_client_price_list_id REFERENCES price_list (id)"),
    ("client", "payment_method", "VARCHAR(40)"),
    ("client", "payment_form", "VARCHAR(40)"),
    ("client", "tax_regime", "VARCHAR(40)"),
    ("client", "cfdi_use", "VARCHAR(40)"),
    ("product", "category_id", "INTEGER CONSTRAINT fk_product_category_id REFERENCES category (id)"),
    ("service", "category_id", "INTEGER CONSTRAINT fk_service_category_id REFERENCES category (id)"),
    (
        "person",
        "default_shipping_address_id",
        "INTEGER CONSTRAINT fk_person_default_shipping_address_id REFERENCES address (id)",
    ),
    ("opportunity", "exchange_rate", "BIGINT"),
    ("opportunity", "campaign_id", "INTEGER CONSTRAINT fk_opportunity_campaign_id REFERENCES campaign (id)"),
    ("quote", "billing_address_id", "INTEGER CONSTRAINT fk_quote_billing_address_id REFERENCES address (id)"),
    ("quote", "shipping_address_id", "INTEGER CONSTRAINT fk_quote_shipping_address_id REFERENCES address (id)"),
    ("quote", "price_list_id", "INTEGER CONSTRAINT fk_quote_price_list_id REFERENCES price_list (id)"),
    ("quote", "exchange_rate", "BIGINT"),
    ("quote", "discount_percent", "BIGINT"),
    ("quote", "discount_total", "BIGINT NOT NULL DEFAULT 0"),
    ("quote_line", "comment", "VARCHAR(300)"),
)
"""Table, column and what it is; written out, for Alembic would copy whole tables on SQLite."""
OLD_COLUMNS = (
    ("product", "category", "VARCHAR(80)"),
    ("service", "category", "VARCHAR(80)"),
)
INDEXES = (
    ("bank_account", "sort_key"),
    ("category", "parent_id"),
    ("category", "sort_key"),
    ("chat_channel", "sort_key"),
    ("document_template", "sort_key"),
    ("price_list", "sort_key"),
    ("team", "sort_key"),
    ("vendor", "sort_key"),
    ("warehouse", "sort_key"),
    ("campaign", "expected_close_date"),
    ("campaign", "salesperson_id"),
    ("campaign", "sort_key"),
    ("chat_link", "channel_id"),
    ("chat_link", "record"),
    ("chat_message", "channel_id", "deleted_at", "sent_at", "id"),
    ("user", "salesperson_id"),
    ("user", "sort_key"),
    ("calendar_item", "assigned_user_id"),
    ("calendar_item", "date", "time", "id"),
    ("calendar_item", "end_date", "date"),
    ("calendar_item", "series_id", "date"),
    ("calendar_item", "sort_key"),
    ("client_link", "client_id"),
    ("client_link", "created_at"),
    ("client_link", "mirror_id"),
    ("client_link", "other_client_id"),
    ("client_link", "sort_key"),
    ("comment", "author_id"),
    ("comment", "created_at"),
    ("comment", "parent_id"),
    ("comment", "record"),
    ("comment", "record", "created_at"),
    ("comment", "sort_key"),
    ("log_entry", "author_id"),
    ("log_entry", "occurred_at", "id"),
    ("log_entry", "record"),
    ("log_entry", "record", "occurred_at"),
    ("log_entry", "sort_key"),
    ("notification", "user_id", "at"),
    ("payment_receipt", "bank_account_id"),
    ("payment_receipt", "client_id"),
    ("payment_receipt", "paid_on"),
    ("payment_receipt", "sort_key"),
    ("price_list_line", "price_list_id"),
    ("price_list_line", "product_id"),
    ("price_list_line", "service_id"),
    ("project", "client_id"),
    ("project", "salesperson_id"),
    ("project", "sort_key"),
    ("project", "start_date"),
    ("team_member", "team_id"),
    ("team_member", "user_id"),
    ("address", "client_id"),
    ("address", "person_id"),
    ("address", "sort_key"),
    ("calendar_invitee", "calendar_item_id"),
    ("calendar_invitee", "user_id"),
    ("calendar_link", "calendar_item_id"),
    ("calendar_link", "record"),
    ("calendar_link", "record", "calendar_item_id"),
    ("campaign_member", "campaign_id"),
    ("campaign_member", "campaign_id", "status"),
    ("campaign_member", "client_id"),
    ("campaign_member", "created_at"),
    ("campaign_member", "person_id"),
    ("campaign_member", "sort_key"),
    ("product_link", "client_id"),
    ("product_link", "person_id"),
    ("product_link", "product_id"),
    ("product_link", "sort_key"),
    ("project_milestone", "project_id"),
    ("project_participant", "created_at"),
    ("project_participant", "person_id"),
    ("project_participant", "project_id"),
    ("project_participant", "sort_key"),
    ("project_task", "assigned_user_id"),
    ("project_task", "due_date"),
    ("project_task", "project_id"),
    ("project_task", "sort_key"),
    ("purchase_order", "date"),
    ("purchase_order", "person_id"),
    ("purchase_order", "price_list_id"),
    ("purchase_order", "sort_key"),
    ("purchase_order", "vendor_id"),
    ("purchase_order", "warehouse_id"),
    ("service_contract", "client_id"),
    ("service_contract", "client_id", "status"),
    ("service_contract", "due_date"),
    ("service_contract", "person_id"),
    ("service_contract", "renewed_from_id"),
    ("service_contract", "sort_key"),
    ("service_link", "client_id"),
    ("service_link", "person_id"),
    ("service_link", "service_id"),
    ("service_link", "sort_key"),
    ("subscription", "client_id"),
    ("subscription", "next_billing_date"),
    ("subscription", "person_id"),
    ("subscription", "price_list_id"),
    ("subscription", "salesperson_id"),
    ("subscription", "sort_key"),
    ("subscription", "status", "next_billing_date"),
    ("purchase_order_line", "product_id"),
    ("purchase_order_line", "purchase_order_id"),
    ("purchase_order_line", "service_id"),
    ("subscription_line", "product_id"),
    ("subscription_line", "service_id"),
    ("subscription_line", "subscription_id"),
    ("transfer_invoice", "client_id"),
    ("transfer_invoice", "departure_at"),
    ("transfer_invoice", "destination_address_id"),
    ("transfer_invoice", "destination_warehouse_id"),
    ("transfer_invoice", "origin_address_id"),
    ("transfer_invoice", "origin_warehouse_id"),
    ("transfer_invoice", "sort_key"),
    ("opportunity_line", "opportunity_id"),
    ("opportunity_line", "product_id"),
    ("opportunity_line", "service_id"),
    ("prospect", "campaign_id"),
    ("prospect", "client_id"),
    ("prospect", "created_at"),
    ("prospect", "opportunity_id"),
    ("prospect", "person_id"),
    ("prospect", "salesperson_id"),
    ("prospect", "sort_key"),
    ("sales_order", "billing_address_id"),
    ("sales_order", "client_id"),
    ("sales_order", "client_id", "sale_date"),
    ("sales_order", "opportunity_id"),
    ("sales_order", "person_id"),
    ("sales_order", "price_list_id"),
    ("sales_order", "project_id"),
    ("sales_order", "quote_id"),
    ("sales_order", "sale_date"),
    ("sales_order", "salesperson_id"),
    ("sales_order", "shipping_address_id"),
    ("sales_order", "sort_key"),
    ("sales_order", "warehouse_id"),
    ("asset", "product_id"),
    ("asset", "sales_order_id"),
    ("asset", "sort_key"),
    ("asset", "subscription_id"),
    ("asset", "vendor_id"),
    ("asset", "warehouse_id"),
    ("invoice", "client_id"),
    ("invoice", "client_id", "status"),
    ("invoice", "date"),
    ("invoice", "price_list_id"),
    ("invoice", "sales_order_id"),
    ("invoice", "salesperson_id"),
    ("invoice", "sort_key"),
    ("invoice", "subscription_id"),
    ("lot_serial", "client_id"),
    ("lot_serial", "product_id"),
    ("lot_serial", "product_id", "code"),
    ("lot_serial", "purchase_order_id"),
    ("lot_serial", "sales_order_id"),
    ("lot_serial", "sort_key"),
    ("lot_serial", "warehouse_id"),
    ("sales_order_line", "product_id"),
    ("sales_order_line", "sales_order_id"),
    ("sales_order_line", "service_id"),
    ("asset_assignment", "asset_id"),
    ("asset_assignment", "asset_id", "start_date"),
    ("asset_assignment", "client_id"),
    ("asset_assignment", "person_id"),
    ("asset_assignment", "previous_id"),
    ("asset_assignment", "sort_key"),
    ("asset_assignment", "start_date"),
    ("commission", "bank_account_id"),
    ("commission", "client_id"),
    ("commission", "earned_on"),
    ("commission", "invoice_id"),
    ("commission", "person_id"),
    ("commission", "sales_order_id"),
    ("commission", "salesperson_id"),
    ("commission", "sort_key"),
    ("credit_note", "client_id"),
    ("credit_note", "date"),
    ("credit_note", "invoice_id"),
    ("credit_note", "price_list_id"),
    ("credit_note", "sort_key"),
    ("credit_note", "warehouse_id"),
    ("invoice_line", "invoice_id"),
    ("invoice_line", "product_id"),
    ("invoice_line", "sales_order_line_id"),
    ("invoice_line", "service_id"),
    ("payment_application", "invoice_id"),
    ("payment_application", "payment_receipt_id"),
    ("support_case", "asset_id"),
    ("support_case", "assigned_team_id"),
    ("support_case", "assigned_user_id"),
    ("support_case", "client_id"),
    ("support_case", "client_id", "status"),
    ("support_case", "created_at"),
    ("support_case", "lot_serial_id"),
    ("support_case", "person_id"),
    ("support_case", "product_id"),
    ("support_case", "project_id"),
    ("support_case", "resolution_due_at"),
    ("support_case", "service_contract_id"),
    ("support_case", "service_id"),
    ("support_case", "sort_key"),
    ("support_case", "status"),
    ("transfer_goods", "lot_serial_id"),
    ("transfer_goods", "product_id"),
    ("transfer_goods", "transfer_invoice_id"),
    ("cash_flow_entry", "bank_account_id"),
    ("cash_flow_entry", "client_id"),
    ("cash_flow_entry", "commission_id"),
    ("cash_flow_entry", "credit_note_id"),
    ("cash_flow_entry", "date", "id"),
    ("cash_flow_entry", "invoice_id"),
    ("cash_flow_entry", "payment_receipt_id"),
    ("cash_flow_entry", "purchase_order_id"),
    ("cash_flow_entry", "sales_order_id"),
    ("cash_flow_entry", "sort_key"),
    ("cash_flow_entry", "source", "state"),
    ("credit_application", "credit_note_id"),
    ("credit_application", "invoice_id"),
    ("credit_note_line", "credit_note_id"),
    ("credit_note_line", "lot_serial_id"),
    ("credit_note_line", "product_id"),
    ("credit_note_line", "service_id"),
    ("stock_movement", "client_id"),
    ("stock_movement", "credit_note_id"),
    ("stock_movement", "from_warehouse_id"),
    ("stock_movement", "id", "status", "deleted_at", "type"),
    ("stock_movement", "moved_at"),
    ("stock_movement", "purchase_order_id"),
    ("stock_movement", "sales_order_id"),
    ("stock_movement", "sort_key"),
    ("stock_movement", "to_warehouse_id"),
    ("stock_movement", "transfer_invoice_id"),
    ("bank_transaction", "bank_account_id"),
    ("bank_transaction", "cash_flow_entry_id"),
    ("bank_transaction", "client_id"),
    ("bank_transaction", "date", "id"),
    ("bank_transaction", "payment_receipt_id"),
    ("bank_transaction", "sort_key"),
    ("bank_transaction", "to_account_id"),
    ("bank_transaction", "transfer_id"),
    ("stock_movement_line", "purchase_order_line_id"),
    ("stock_movement_line", "sales_order_line_id"),
    ("stock_movement_line", "stock_movement_id"),
    ("client", "price_list_id"),
    ("product", "category_id"),
    ("service", "category_id"),
    ("person", "default_shipping_address_id"),
    ("opportunity", "campaign_id"),
    ("quote", "billing_address_id"),
    ("quote", "price_list_id"),
    ("quote", "shipping_address_id"),
)
UNIQUE = (
    ("bank_account", "name"),
    ("bank_account", "number"),
    ("category", "name"),
    ("category", "number"),
    ("chat_channel", "number"),
    ("price_list", "name"),
    ("price_list", "number"),
    ("team", "name"),
    ("team", "number"),
    ("vendor", "number"),
    ("vendor", "tax_id"),
    ("warehouse", "name"),
    ("warehouse", "number"),
    ("campaign", "number"),
    ("user", "login"),
    ("user", "name"),
    ("user", "number"),
    ("payment_receipt", "fiscal_uuid"),
    ("payment_receipt", "number"),
    ("project", "number"),
    ("purchase_order", "number"),
    ("service_contract", "number"),
    ("subscription", "number"),
    ("transfer_invoice", "fiscal_uuid"),
    ("transfer_invoice", "number"),
    ("prospect", "number"),
    ("sales_order", "number"),
    ("asset", "number"),
    ("asset", "serial_number"),
    ("invoice", "fiscal_uuid"),
    ("invoice", "number"),
    ("commission", "number"),
    ("credit_note", "fiscal_uuid"),
    ("credit_note", "number"),
    ("support_case", "number"),
    ("cash_flow_entry", "number"),
    ("stock_movement", "number"),
    ("bank_transaction", "number"),
)
TABLES = (
    "bank_account",
    "category",
    "chat_channel",
    "document_template",
    "price_list",
    "team",
    "vendor",
    "warehouse",
    "campaign",
    "chat_link",
    "chat_message",
    "user",
    "calendar_item",
    "client_link",
    "comment",
    "log_entry",
    "notification",
    "payment_receipt",
    "price_list_line",
    "project",
    "team_member",
    "address",
    "calendar_invitee",
    "calendar_link",
    "campaign_member",
    "product_link",
    "project_milestone",
    "project_participant",
    "project_task",
    "purchase_order",
    "service_contract",
    "service_link",
    "subscription",
    "purchase_order_line",
    "subscription_line",
    "transfer_invoice",
    "opportunity_line",
    "prospect",
    "sales_order",
    "asset",
    "invoice",
    "lot_serial",
    "sales_order_line",
    "asset_assignment",
    "commission",
    "credit_note",
    "invoice_line",
    "payment_application",
    "support_case",
    "transfer_goods",
    "cash_flow_entry",
    "credit_application",
    "credit_note_line",
    "stock_movement",
    "bank_transaction",
    "stock_movement_line",
)


def upgrade() -> None:
    """Apply the step."""
    _create_tables_1()
    _create_tables_2()
    _create_tables_3()
    _create_tables_4()
    _create_tables_5()
    for table, column, what in NEW_COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {what}")
    _allow_exempt_lines(is_allowed=True)
    _make_categories()
    _make_users()
    op.execute("UPDATE quote SET status = 'sent' WHERE status = 'expired'")  # lapsed is worked out now
    for table, column, _ in OLD_COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    for table, *columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    for table, column in UNIQUE:
        op.create_index(f"uq_{table}_{column}", table, [column], unique=True, sqlite_where=LIVE, postgresql_where=LIVE)
    op.create_index(
        "uq_chat_channel_server_external_id",
        "chat_channel",
        ["server", "external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_index(
        "uq_chat_message_channel_id_external_id",
        "chat_message",
        ["channel_id", "external_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NULL AND external_id IS NOT NULL"),
    )
    op.create_index("uq_notification_once", "notification", ["user_id", "record", "occasion"], unique=True)
    op.create_index(
        "uq_invoice_period",
        "invoice",
        ["subscription_id", "period_start"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_sales_order_line_product_id_deleted_at_sales_order_id_quanti",
        "sales_order_line",
        ["product_id", "deleted_at", "sales_order_id", "quantity"],
        unique=False,
    )
    op.create_index(
        "ix_stock_movement_line_lot_serial_id_deleted_at_stock_movement_",
        "stock_movement_line",
        ["lot_serial_id", "deleted_at", "stock_movement_id", "quantity"],
        unique=False,
    )
    op.create_index(
        "ix_stock_movement_line_product_id_deleted_at_stock_movement_id_",
        "stock_movement_line",
        ["product_id", "deleted_at", "stock_movement_id", "quantity"],
        unique=False,
    )


def downgrade() -> None:
    """Take the step back: what only the new tables hold is gone, the categories are texts again."""
    for table, column, what in OLD_COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {what}")
        op.execute(f"UPDATE {table} SET {column} = (SELECT name FROM category WHERE category.id = {table}.category_id)")
    known = {column: table for table, column, _ in NEW_COLUMNS}
    for table, *columns in INDEXES:
        if table not in TABLES and known.get(columns[0]):
            op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
    for table, column, _ in NEW_COLUMNS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    _allow_exempt_lines(is_allowed=False)
    op.execute("DELETE FROM counter WHERE series IN ('CAT', 'USU')")
    for table in reversed(TABLES):
        op.drop_table(table)


def _allow_exempt_lines(*, is_allowed: bool) -> None:
    """A line without a tax rate is exempt; before, it had to have one."""
    if not is_allowed:
        op.execute("UPDATE quote_line SET tax_rate = 0 WHERE tax_rate IS NULL")
    with op.batch_alter_table("quote_line") as lines:
        lines.alter_column("tax_rate", existing_type=sa.BigInteger(), nullable=is_allowed)


def _make_categories() -> None:
    """The categories typed so far become records of their own, each with its number."""
    connection = op.get_bind()
    names = connection.scalars(
        sa.text(
            "SELECT category FROM (SELECT TRIM(category) AS category FROM product "
            "UNION SELECT TRIM(category) FROM service) AS typed "
            "WHERE category <> '' GROUP BY category ORDER BY category"
        )
    ).all()
    for position, name in enumerate(names, 1):
        _insert_master("category", position, f"CAT-{position:06d}", name, kind="both")
    for table in ("product", "service"):
        op.execute(
            f"UPDATE {table} SET category_id = (SELECT id FROM category WHERE category.name = TRIM({table}.category))"
        )
    _count("CAT", len(names))


def _make_users() -> None:
    """Salespeople who gave the name they log in with use the program: each becomes a user too."""
    rows = (
        op.get_bind()
        .execute(
            sa.text(
                "SELECT id, name, login, email FROM salesperson WHERE login IS NOT NULL AND deleted_at IS NULL "
                "ORDER BY id"
            )
        )
        .all()
    )
    for position, (ident, name, login, email) in enumerate(rows, 1):
        _insert_master(
            "user", position, f"USU-{position:06d}", name, login=login, email=email, role="sales", salesperson_id=ident
        )
    _count("USU", len(rows))


def _insert_master(table: str, ident: int, number: str, name: str, **more: Any) -> None:
    """Insert an entry of a master file with the texts that searching and sorting look at."""
    own = {"number": number, "name": name, **more}
    columns = ", ".join(own)
    values = ", ".join(f":{column}" for column in own)
    op.get_bind().execute(
        sa.text(
            f'INSERT INTO "{table}" ({columns}, is_active, extra, created_at, created_by, modified_at, modified_by, '
            f"capture_source, version, title, sort_key, search_text) VALUES ({values}, TRUE, '{{}}', "
            "CURRENT_TIMESTAMP, :who, CURRENT_TIMESTAMP, :who, :who, 1, :name, SUBSTR(ofi_sort(:name), 1, 200), "
            "ofi_search(:name) || CHAR_10 || ofi_search(:number))".replace("CHAR_10", _newline())
        ),
        {**own, "who": WHO},
    )


def _newline() -> str:
    return "CHR(10)" if op.get_bind().dialect.name == "postgresql" else "CHAR(10)"


def _count(series: str, last: int) -> None:
    if last:
        op.get_bind().execute(sa.text("INSERT INTO counter (series, value) VALUES (:series, :last)"),
                              {"series": series, "last": last})  # fmt: skip


def _create_tables_1() -> None:
    _record(
        "bank_account",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("bank_name", sa.String(length=120), nullable=True),
        sa.Column("account_number", sa.String(length=40), nullable=True),
        sa.Column("clabe", sa.String(length=24), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("opening_balance", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "category",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("category.id", name="fk_category_parent_id"), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "chat_channel",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("members", sa.Text(), nullable=True),
        sa.Column("server", sa.String(length=200), nullable=True),
        sa.Column("external_id", sa.String(length=100), nullable=True),
        sa.Column("synced_at", INSTANT, nullable=True),
        sa.Column("open_before", INSTANT, nullable=True),
    )
    _record(
        "document_template",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("printed", sa.String(length=40), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("foot", sa.String(length=300), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
    )
    _record(
        "price_list",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "team",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "vendor",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=True),
        sa.Column("tax_id", sa.String(length=30), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("contact_name", sa.String(length=120), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("postal_code", sa.String(length=12), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("province", sa.String(length=120), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("credit_days", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "warehouse",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("manager", sa.String(length=120), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("allow_negative", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "campaign",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_campaign_salesperson_id"),
            nullable=True,
        ),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("expected_close_date", sa.Date(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("actual_cost", sa.BigInteger(), nullable=True),
        sa.Column("expected_revenue", sa.BigInteger(), nullable=True),
        sa.Column("expected_responses", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "chat_link",
        sa.Column(
            "channel_id", sa.Integer(), sa.ForeignKey("chat_channel.id", name="fk_chat_link_channel_id"), nullable=False
        ),
        sa.Column("record", sa.String(length=80), nullable=False),
    )
    _record(
        "chat_message",
        sa.Column(
            "channel_id",
            sa.Integer(),
            sa.ForeignKey("chat_channel.id", name="fk_chat_message_channel_id"),
            nullable=False,
        ),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("login", sa.String(length=120), nullable=True),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("file_name", sa.String(length=500), nullable=True),
        sa.Column("edited_at", INSTANT, nullable=True),
        sa.Column("external_id", sa.String(length=100), nullable=True),
    )
    _record(
        "user",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_user_salesperson_id"),
            nullable=True,
        ),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )


def _create_tables_2() -> None:
    _record(
        "calendar_item",
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("activity_type", sa.String(length=40), nullable=False),
        sa.Column("event_status", sa.String(length=40), nullable=True),
        sa.Column("task_status", sa.String(length=40), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("time", sa.Time(), nullable=True),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("end_time", sa.Time(), nullable=True),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("priority", sa.String(length=40), nullable=True),
        sa.Column("location", sa.String(length=200), nullable=True),
        sa.Column(
            "assigned_user_id",
            sa.Integer(),
            sa.ForeignKey("user.id", name="fk_calendar_item_assigned_user_id"),
            nullable=True,
        ),
        sa.Column("reminder_minutes", sa.Integer(), nullable=True),
        sa.Column("recurrence", sa.String(length=200), nullable=True),
        sa.Column(
            "series_id",
            sa.Integer(),
            sa.ForeignKey("calendar_item.id", name="fk_calendar_item_series_id"),
            nullable=True,
        ),
        sa.Column("visibility", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "client_link",
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_client_link_client_id"), nullable=False
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "other_client_id",
            sa.Integer(),
            sa.ForeignKey("client.id", name="fk_client_link_other_client_id"),
            nullable=False,
        ),
        sa.Column(
            "mirror_id", sa.Integer(), sa.ForeignKey("client_link.id", name="fk_client_link_mirror_id"), nullable=True
        ),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "comment",
        sa.Column("record", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("comment.id", name="fk_comment_parent_id"), nullable=True),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("user.id", name="fk_comment_author_id"), nullable=True),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("edited_at", INSTANT, nullable=True),
        sa.Column("edit_reason", sa.String(length=200), nullable=True),
    )
    _record(
        "log_entry",
        sa.Column("occurred_at", INSTANT, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("record", sa.String(length=80), nullable=True),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("user.id", name="fk_log_entry_author_id"), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column(
            "corrects_id", sa.Integer(), sa.ForeignKey("log_entry.id", name="fk_log_entry_corrects_id"), nullable=True
        ),
        sa.Column("details", sa.Text(), nullable=True),
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("user.id", name="fk_notification_user_id"), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("record", sa.String(length=80), nullable=False),
        sa.Column("occasion", sa.String(length=80), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
    )
    _record(
        "payment_receipt",
        sa.Column("number", sa.String(length=30), nullable=True),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_payment_receipt_client_id"), nullable=False
        ),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("payment_form", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column(
            "bank_account_id",
            sa.Integer(),
            sa.ForeignKey("bank_account.id", name="fk_payment_receipt_bank_account_id"),
            nullable=True,
        ),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("fiscal_uuid", sa.String(length=36), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "price_list_line",
        sa.Column(
            "price_list_id",
            sa.Integer(),
            sa.ForeignKey("price_list.id", name="fk_price_list_line_price_list_id"),
            nullable=False,
        ),
        sa.Column(
            "product_id", sa.Integer(), sa.ForeignKey("product.id", name="fk_price_list_line_product_id"), nullable=True
        ),
        sa.Column(
            "service_id", sa.Integer(), sa.ForeignKey("service.id", name="fk_price_list_line_service_id"), nullable=True
        ),
        sa.Column("price", sa.BigInteger(), nullable=False),
    )
    _record(
        "project",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_project_client_id"), nullable=True),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_project_salesperson_id"),
            nullable=True,
        ),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=True),
        sa.Column("priority", sa.String(length=40), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("target_end_date", sa.Date(), nullable=True),
        sa.Column("actual_end_date", sa.Date(), nullable=True),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("actual_cost", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "team_member",
        sa.Column("team_id", sa.Integer(), sa.ForeignKey("team.id", name="fk_team_member_team_id"), nullable=False),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("user.id", name="fk_team_member_user_id"), nullable=False),
        sa.Column("is_leader", sa.Boolean(), nullable=False),
    )
    _record(
        "address",
        sa.Column("alias", sa.String(length=60), nullable=True),
        sa.Column("client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_address_client_id"), nullable=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_address_person_id"), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("exterior_number", sa.String(length=20), nullable=True),
        sa.Column("interior_number", sa.String(length=20), nullable=True),
        sa.Column("neighborhood", sa.String(length=120), nullable=True),
        sa.Column("postal_code", sa.String(length=12), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=120), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("is_shipping", sa.Boolean(), nullable=False),
        sa.Column("is_billing", sa.Boolean(), nullable=False),
        sa.Column("is_visit", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("directions", sa.Text(), nullable=True),
        sa.Column("latitude", sa.BigInteger(), nullable=True),
        sa.Column("longitude", sa.BigInteger(), nullable=True),
    )
    _record(
        "calendar_invitee",
        sa.Column(
            "calendar_item_id",
            sa.Integer(),
            sa.ForeignKey("calendar_item.id", name="fk_calendar_invitee_calendar_item_id"),
            nullable=False,
        ),
        sa.Column(
            "user_id", sa.Integer(), sa.ForeignKey("user.id", name="fk_calendar_invitee_user_id"), nullable=False
        ),
    )
    _record(
        "calendar_link",
        sa.Column(
            "calendar_item_id",
            sa.Integer(),
            sa.ForeignKey("calendar_item.id", name="fk_calendar_link_calendar_item_id"),
            nullable=False,
        ),
        sa.Column("record", sa.String(length=80), nullable=False),
    )


def _create_tables_3() -> None:
    _record(
        "campaign_member",
        sa.Column(
            "campaign_id",
            sa.Integer(),
            sa.ForeignKey("campaign.id", name="fk_campaign_member_campaign_id"),
            nullable=False,
        ),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_campaign_member_client_id"), nullable=True
        ),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_campaign_member_person_id"), nullable=True
        ),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "product_link",
        sa.Column(
            "product_id", sa.Integer(), sa.ForeignKey("product.id", name="fk_product_link_product_id"), nullable=False
        ),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_product_link_client_id"), nullable=True
        ),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_product_link_person_id"), nullable=True
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "project_milestone",
        sa.Column(
            "project_id",
            sa.Integer(),
            sa.ForeignKey("project.id", name="fk_project_milestone_project_id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("is_reached", sa.Boolean(), nullable=False),
    )
    _record(
        "project_participant",
        sa.Column(
            "project_id",
            sa.Integer(),
            sa.ForeignKey("project.id", name="fk_project_participant_project_id"),
            nullable=False,
        ),
        sa.Column(
            "person_id",
            sa.Integer(),
            sa.ForeignKey("person.id", name="fk_project_participant_person_id"),
            nullable=False,
        ),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "project_task",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "project_id", sa.Integer(), sa.ForeignKey("project.id", name="fk_project_task_project_id"), nullable=False
        ),
        sa.Column(
            "assigned_user_id",
            sa.Integer(),
            sa.ForeignKey("user.id", name="fk_project_task_assigned_user_id"),
            nullable=True,
        ),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("hours", sa.BigInteger(), nullable=True),
        sa.Column("progress", sa.BigInteger(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "purchase_order",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column(
            "vendor_id", sa.Integer(), sa.ForeignKey("vendor.id", name="fk_purchase_order_vendor_id"), nullable=False
        ),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_purchase_order_person_id"), nullable=True
        ),
        sa.Column("contact_role", sa.String(length=40), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("delivery_date", sa.Date(), nullable=True),
        sa.Column(
            "warehouse_id",
            sa.Integer(),
            sa.ForeignKey("warehouse.id", name="fk_purchase_order_warehouse_id"),
            nullable=True,
        ),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column(
            "price_list_id",
            sa.Integer(),
            sa.ForeignKey("price_list.id", name="fk_purchase_order_price_list_id"),
            nullable=True,
        ),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=True),
        sa.Column("discount_percent", sa.BigInteger(), nullable=True),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("discount_total", sa.BigInteger(), nullable=False),
        sa.Column("tax_total", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
    )
    _record(
        "service_contract",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_service_contract_client_id"), nullable=False
        ),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_service_contract_person_id"), nullable=True
        ),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("service_level", sa.String(length=40), nullable=True),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("tracking_unit", sa.String(length=40), nullable=False),
        sa.Column("total_units", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("billing_period", sa.String(length=40), nullable=True),
        sa.Column("auto_renew", sa.Boolean(), nullable=False),
        sa.Column(
            "renewed_from_id",
            sa.Integer(),
            sa.ForeignKey("service_contract.id", name="fk_service_contract_renewed_from_id"),
            nullable=True,
        ),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "service_link",
        sa.Column(
            "service_id", sa.Integer(), sa.ForeignKey("service.id", name="fk_service_link_service_id"), nullable=False
        ),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_service_link_client_id"), nullable=True
        ),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_service_link_person_id"), nullable=True
        ),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "subscription",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_subscription_client_id"), nullable=False
        ),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_subscription_person_id"), nullable=True
        ),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_subscription_salesperson_id"),
            nullable=True,
        ),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("billing_period", sa.String(length=40), nullable=False),
        sa.Column("bill_from", sa.Date(), nullable=True),
        sa.Column("next_billing_date", sa.Date(), nullable=True),
        sa.Column("billed_periods", sa.Integer(), nullable=False),
        sa.Column("auto_renew", sa.Boolean(), nullable=False),
        sa.Column("renewal_periods", sa.Integer(), nullable=True),
        sa.Column("deposit", sa.BigInteger(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column(
            "price_list_id",
            sa.Integer(),
            sa.ForeignKey("price_list.id", name="fk_subscription_price_list_id"),
            nullable=True,
        ),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=True),
        sa.Column("discount_percent", sa.BigInteger(), nullable=True),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("discount_total", sa.BigInteger(), nullable=False),
        sa.Column("tax_total", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
    )
    _record(
        "purchase_order_line",
        sa.Column(
            "purchase_order_id",
            sa.Integer(),
            sa.ForeignKey("purchase_order.id", name="fk_purchase_order_line_purchase_order_id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id",
            sa.Integer(),
            sa.ForeignKey("product.id", name="fk_purchase_order_line_product_id"),
            nullable=True,
        ),
        sa.Column(
            "service_id",
            sa.Integer(),
            sa.ForeignKey("service.id", name="fk_purchase_order_line_service_id"),
            nullable=True,
        ),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.String(length=300), nullable=True),
        sa.Column("line_total", sa.BigInteger(), nullable=False),
    )
    _record(
        "subscription_line",
        sa.Column(
            "subscription_id",
            sa.Integer(),
            sa.ForeignKey("subscription.id", name="fk_subscription_line_subscription_id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id",
            sa.Integer(),
            sa.ForeignKey("product.id", name="fk_subscription_line_product_id"),
            nullable=True,
        ),
        sa.Column(
            "service_id",
            sa.Integer(),
            sa.ForeignKey("service.id", name="fk_subscription_line_service_id"),
            nullable=True,
        ),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.String(length=300), nullable=True),
        sa.Column("line_total", sa.BigInteger(), nullable=False),
    )
    _record(
        "transfer_invoice",
        sa.Column("number", sa.String(length=30), nullable=True),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_transfer_invoice_client_id"), nullable=True
        ),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column(
            "origin_address_id",
            sa.Integer(),
            sa.ForeignKey("address.id", name="fk_transfer_invoice_origin_address_id"),
            nullable=False,
        ),
        sa.Column(
            "destination_address_id",
            sa.Integer(),
            sa.ForeignKey("address.id", name="fk_transfer_invoice_destination_address_id"),
            nullable=False,
        ),
        sa.Column(
            "origin_warehouse_id",
            sa.Integer(),
            sa.ForeignKey("warehouse.id", name="fk_transfer_invoice_origin_warehouse_id"),
            nullable=True,
        ),
        sa.Column(
            "destination_warehouse_id",
            sa.Integer(),
            sa.ForeignKey("warehouse.id", name="fk_transfer_invoice_destination_warehouse_id"),
            nullable=True,
        ),
        sa.Column("departure_at", INSTANT, nullable=False),
        sa.Column("arrival_at", INSTANT, nullable=True),
        sa.Column("carrier", sa.String(length=120), nullable=True),
        sa.Column("vehicle_plate", sa.String(length=20), nullable=True),
        sa.Column("driver_name", sa.String(length=120), nullable=True),
        sa.Column("fiscal_uuid", sa.String(length=36), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )


def _create_tables_4() -> None:
    _record(
        "opportunity_line",
        sa.Column(
            "opportunity_id",
            sa.Integer(),
            sa.ForeignKey("opportunity.id", name="fk_opportunity_line_opportunity_id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id",
            sa.Integer(),
            sa.ForeignKey("product.id", name="fk_opportunity_line_product_id"),
            nullable=True,
        ),
        sa.Column(
            "service_id",
            sa.Integer(),
            sa.ForeignKey("service.id", name="fk_opportunity_line_service_id"),
            nullable=True,
        ),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.String(length=300), nullable=True),
        sa.Column("line_total", sa.BigInteger(), nullable=False),
    )
    _record(
        "prospect",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("first_name", sa.String(length=120), nullable=False),
        sa.Column("last_name", sa.String(length=120), nullable=True),
        sa.Column("company", sa.String(length=200), nullable=True),
        sa.Column("job_title", sa.String(length=120), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("mobile_phone", sa.String(length=40), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("lead_source", sa.String(length=40), nullable=True),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_prospect_salesperson_id"),
            nullable=True,
        ),
        sa.Column(
            "campaign_id", sa.Integer(), sa.ForeignKey("campaign.id", name="fk_prospect_campaign_id"), nullable=True
        ),
        sa.Column("client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_prospect_client_id"), nullable=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_prospect_person_id"), nullable=True),
        sa.Column(
            "opportunity_id",
            sa.Integer(),
            sa.ForeignKey("opportunity.id", name="fk_prospect_opportunity_id"),
            nullable=True,
        ),
        sa.Column("converted_at", INSTANT, nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "sales_order",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_sales_order_client_id"), nullable=False
        ),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_sales_order_person_id"), nullable=True
        ),
        sa.Column("quote_id", sa.Integer(), sa.ForeignKey("quote.id", name="fk_sales_order_quote_id"), nullable=True),
        sa.Column(
            "opportunity_id",
            sa.Integer(),
            sa.ForeignKey("opportunity.id", name="fk_sales_order_opportunity_id"),
            nullable=True,
        ),
        sa.Column(
            "project_id", sa.Integer(), sa.ForeignKey("project.id", name="fk_sales_order_project_id"), nullable=True
        ),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_sales_order_salesperson_id"),
            nullable=True,
        ),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("sale_date", sa.Date(), nullable=False),
        sa.Column("expected_payment_date", sa.Date(), nullable=True),
        sa.Column("client_order_number", sa.String(length=60), nullable=True),
        sa.Column(
            "warehouse_id",
            sa.Integer(),
            sa.ForeignKey("warehouse.id", name="fk_sales_order_warehouse_id"),
            nullable=True,
        ),
        sa.Column(
            "billing_address_id",
            sa.Integer(),
            sa.ForeignKey("address.id", name="fk_sales_order_billing_address_id"),
            nullable=True,
        ),
        sa.Column(
            "shipping_address_id",
            sa.Integer(),
            sa.ForeignKey("address.id", name="fk_sales_order_shipping_address_id"),
            nullable=True,
        ),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column(
            "price_list_id",
            sa.Integer(),
            sa.ForeignKey("price_list.id", name="fk_sales_order_price_list_id"),
            nullable=True,
        ),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=True),
        sa.Column("discount_percent", sa.BigInteger(), nullable=True),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("discount_total", sa.BigInteger(), nullable=False),
        sa.Column("tax_total", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
    )
    _record(
        "asset",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("serial_number", sa.String(length=80), nullable=True),
        sa.Column("product_id", sa.Integer(), sa.ForeignKey("product.id", name="fk_asset_product_id"), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("condition", sa.String(length=40), nullable=False),
        sa.Column(
            "warehouse_id", sa.Integer(), sa.ForeignKey("warehouse.id", name="fk_asset_warehouse_id"), nullable=True
        ),
        sa.Column(
            "sales_order_id",
            sa.Integer(),
            sa.ForeignKey("sales_order.id", name="fk_asset_sales_order_id"),
            nullable=True,
        ),
        sa.Column(
            "subscription_id",
            sa.Integer(),
            sa.ForeignKey("subscription.id", name="fk_asset_subscription_id"),
            nullable=True,
        ),
        sa.Column("vendor_id", sa.Integer(), sa.ForeignKey("vendor.id", name="fk_asset_vendor_id"), nullable=True),
        sa.Column("purchase_date", sa.Date(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("in_service_date", sa.Date(), nullable=True),
        sa.Column("warranty_end", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "invoice",
        sa.Column("number", sa.String(length=30), nullable=True),
        sa.Column("client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_invoice_client_id"), nullable=False),
        sa.Column(
            "sales_order_id",
            sa.Integer(),
            sa.ForeignKey("sales_order.id", name="fk_invoice_sales_order_id"),
            nullable=True,
        ),
        sa.Column(
            "subscription_id",
            sa.Integer(),
            sa.ForeignKey("subscription.id", name="fk_invoice_subscription_id"),
            nullable=True,
        ),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_invoice_salesperson_id"),
            nullable=True,
        ),
        sa.Column("legal_name", sa.String(length=200), nullable=True),
        sa.Column("tax_id", sa.String(length=30), nullable=True),
        sa.Column("tax_postal_code", sa.String(length=12), nullable=True),
        sa.Column("tax_regime", sa.String(length=40), nullable=True),
        sa.Column("cfdi_use", sa.String(length=40), nullable=True),
        sa.Column("payment_method", sa.String(length=40), nullable=True),
        sa.Column("payment_form", sa.String(length=40), nullable=True),
        sa.Column("fiscal_uuid", sa.String(length=36), nullable=True),
        sa.Column("cancel_reason", sa.String(length=40), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column(
            "price_list_id",
            sa.Integer(),
            sa.ForeignKey("price_list.id", name="fk_invoice_price_list_id"),
            nullable=True,
        ),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=True),
        sa.Column("discount_percent", sa.BigInteger(), nullable=True),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("discount_total", sa.BigInteger(), nullable=False),
        sa.Column("tax_total", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
    )
    _record(
        "lot_serial",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column(
            "product_id", sa.Integer(), sa.ForeignKey("product.id", name="fk_lot_serial_product_id"), nullable=False
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("manufactured_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column(
            "warehouse_id",
            sa.Integer(),
            sa.ForeignKey("warehouse.id", name="fk_lot_serial_warehouse_id"),
            nullable=True,
        ),
        sa.Column("client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_lot_serial_client_id"), nullable=True),
        sa.Column(
            "sales_order_id",
            sa.Integer(),
            sa.ForeignKey("sales_order.id", name="fk_lot_serial_sales_order_id"),
            nullable=True,
        ),
        sa.Column(
            "purchase_order_id",
            sa.Integer(),
            sa.ForeignKey("purchase_order.id", name="fk_lot_serial_purchase_order_id"),
            nullable=True,
        ),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("warranty_end", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "sales_order_line",
        sa.Column(
            "sales_order_id",
            sa.Integer(),
            sa.ForeignKey("sales_order.id", name="fk_sales_order_line_sales_order_id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id",
            sa.Integer(),
            sa.ForeignKey("product.id", name="fk_sales_order_line_product_id"),
            nullable=True,
        ),
        sa.Column(
            "service_id",
            sa.Integer(),
            sa.ForeignKey("service.id", name="fk_sales_order_line_service_id"),
            nullable=True,
        ),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.String(length=300), nullable=True),
        sa.Column("line_total", sa.BigInteger(), nullable=False),
    )
    _record(
        "asset_assignment",
        sa.Column(
            "asset_id", sa.Integer(), sa.ForeignKey("asset.id", name="fk_asset_assignment_asset_id"), nullable=False
        ),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_asset_assignment_client_id"), nullable=True
        ),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_asset_assignment_person_id"), nullable=True
        ),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("end_date", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.Column(
            "previous_id",
            sa.Integer(),
            sa.ForeignKey("asset_assignment.id", name="fk_asset_assignment_previous_id"),
            nullable=True,
        ),
    )
    _record(
        "commission",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_commission_salesperson_id"),
            nullable=True,
        ),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_commission_person_id"), nullable=True),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_commission_client_id"), nullable=False
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column(
            "sales_order_id",
            sa.Integer(),
            sa.ForeignKey("sales_order.id", name="fk_commission_sales_order_id"),
            nullable=True,
        ),
        sa.Column(
            "invoice_id", sa.Integer(), sa.ForeignKey("invoice.id", name="fk_commission_invoice_id"), nullable=True
        ),
        sa.Column("base_amount", sa.BigInteger(), nullable=False),
        sa.Column("rate_percent", sa.BigInteger(), nullable=False),
        sa.Column("other_amount", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=True),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column(
            "bank_account_id",
            sa.Integer(),
            sa.ForeignKey("bank_account.id", name="fk_commission_bank_account_id"),
            nullable=True,
        ),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "credit_note",
        sa.Column("number", sa.String(length=30), nullable=True),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_credit_note_client_id"), nullable=False
        ),
        sa.Column(
            "invoice_id", sa.Integer(), sa.ForeignKey("invoice.id", name="fk_credit_note_invoice_id"), nullable=True
        ),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("restock", sa.Boolean(), nullable=False),
        sa.Column(
            "warehouse_id",
            sa.Integer(),
            sa.ForeignKey("warehouse.id", name="fk_credit_note_warehouse_id"),
            nullable=True,
        ),
        sa.Column("fiscal_uuid", sa.String(length=36), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column(
            "price_list_id",
            sa.Integer(),
            sa.ForeignKey("price_list.id", name="fk_credit_note_price_list_id"),
            nullable=True,
        ),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=True),
        sa.Column("discount_percent", sa.BigInteger(), nullable=True),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("discount_total", sa.BigInteger(), nullable=False),
        sa.Column("tax_total", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
    )
    _record(
        "invoice_line",
        sa.Column(
            "invoice_id", sa.Integer(), sa.ForeignKey("invoice.id", name="fk_invoice_line_invoice_id"), nullable=False
        ),
        sa.Column(
            "sales_order_line_id",
            sa.Integer(),
            sa.ForeignKey("sales_order_line.id", name="fk_invoice_line_sales_order_line_id"),
            nullable=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id", sa.Integer(), sa.ForeignKey("product.id", name="fk_invoice_line_product_id"), nullable=True
        ),
        sa.Column(
            "service_id", sa.Integer(), sa.ForeignKey("service.id", name="fk_invoice_line_service_id"), nullable=True
        ),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.String(length=300), nullable=True),
        sa.Column("line_total", sa.BigInteger(), nullable=False),
    )
    _record(
        "payment_application",
        sa.Column(
            "payment_receipt_id",
            sa.Integer(),
            sa.ForeignKey("payment_receipt.id", name="fk_payment_application_payment_receipt_id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "invoice_id",
            sa.Integer(),
            sa.ForeignKey("invoice.id", name="fk_payment_application_invoice_id"),
            nullable=False,
        ),
        sa.Column("previous_balance", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=True),
        sa.Column("instalment", sa.Integer(), nullable=True),
    )


def _create_tables_5() -> None:
    _record(
        "support_case",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("title_line", sa.String(length=200), nullable=False),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_support_case_client_id"), nullable=False
        ),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_support_case_person_id"), nullable=True
        ),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("priority", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("solution", sa.Text(), nullable=True),
        sa.Column(
            "assigned_user_id",
            sa.Integer(),
            sa.ForeignKey("user.id", name="fk_support_case_assigned_user_id"),
            nullable=True,
        ),
        sa.Column(
            "assigned_team_id",
            sa.Integer(),
            sa.ForeignKey("team.id", name="fk_support_case_assigned_team_id"),
            nullable=True,
        ),
        sa.Column("department", sa.String(length=40), nullable=True),
        sa.Column(
            "service_contract_id",
            sa.Integer(),
            sa.ForeignKey("service_contract.id", name="fk_support_case_service_contract_id"),
            nullable=True,
        ),
        sa.Column(
            "product_id", sa.Integer(), sa.ForeignKey("product.id", name="fk_support_case_product_id"), nullable=True
        ),
        sa.Column(
            "service_id", sa.Integer(), sa.ForeignKey("service.id", name="fk_support_case_service_id"), nullable=True
        ),
        sa.Column("asset_id", sa.Integer(), sa.ForeignKey("asset.id", name="fk_support_case_asset_id"), nullable=True),
        sa.Column(
            "lot_serial_id",
            sa.Integer(),
            sa.ForeignKey("lot_serial.id", name="fk_support_case_lot_serial_id"),
            nullable=True,
        ),
        sa.Column(
            "project_id", sa.Integer(), sa.ForeignKey("project.id", name="fk_support_case_project_id"), nullable=True
        ),
        sa.Column("units_used", sa.BigInteger(), nullable=True),
        sa.Column("response_due_at", INSTANT, nullable=True),
        sa.Column("resolution_due_at", INSTANT, nullable=True),
        sa.Column("attended_at", INSTANT, nullable=True),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("stopped_since", INSTANT, nullable=True),
        sa.Column("waited_minutes", sa.Integer(), nullable=False),
        sa.Column("reopen_count", sa.Integer(), nullable=False),
    )
    _record(
        "transfer_goods",
        sa.Column(
            "transfer_invoice_id",
            sa.Integer(),
            sa.ForeignKey("transfer_invoice.id", name="fk_transfer_goods_transfer_invoice_id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id", sa.Integer(), sa.ForeignKey("product.id", name="fk_transfer_goods_product_id"), nullable=False
        ),
        sa.Column(
            "lot_serial_id",
            sa.Integer(),
            sa.ForeignKey("lot_serial.id", name="fk_transfer_goods_lot_serial_id"),
            nullable=True,
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_weight", sa.BigInteger(), nullable=False),
    )
    _record(
        "cash_flow_entry",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("concept", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("exchange_rate", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_cash_flow_entry_client_id"), nullable=True
        ),
        sa.Column(
            "sales_order_id",
            sa.Integer(),
            sa.ForeignKey("sales_order.id", name="fk_cash_flow_entry_sales_order_id"),
            nullable=True,
        ),
        sa.Column(
            "invoice_id", sa.Integer(), sa.ForeignKey("invoice.id", name="fk_cash_flow_entry_invoice_id"), nullable=True
        ),
        sa.Column(
            "payment_receipt_id",
            sa.Integer(),
            sa.ForeignKey("payment_receipt.id", name="fk_cash_flow_entry_payment_receipt_id"),
            nullable=True,
        ),
        sa.Column(
            "credit_note_id",
            sa.Integer(),
            sa.ForeignKey("credit_note.id", name="fk_cash_flow_entry_credit_note_id"),
            nullable=True,
        ),
        sa.Column(
            "purchase_order_id",
            sa.Integer(),
            sa.ForeignKey("purchase_order.id", name="fk_cash_flow_entry_purchase_order_id"),
            nullable=True,
        ),
        sa.Column(
            "commission_id",
            sa.Integer(),
            sa.ForeignKey("commission.id", name="fk_cash_flow_entry_commission_id"),
            nullable=True,
        ),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column(
            "bank_account_id",
            sa.Integer(),
            sa.ForeignKey("bank_account.id", name="fk_cash_flow_entry_bank_account_id"),
            nullable=True,
        ),
        sa.Column("payment_form", sa.String(length=40), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "credit_application",
        sa.Column(
            "credit_note_id",
            sa.Integer(),
            sa.ForeignKey("credit_note.id", name="fk_credit_application_credit_note_id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "invoice_id",
            sa.Integer(),
            sa.ForeignKey("invoice.id", name="fk_credit_application_invoice_id"),
            nullable=True,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
    )
    _record(
        "credit_note_line",
        sa.Column(
            "credit_note_id",
            sa.Integer(),
            sa.ForeignKey("credit_note.id", name="fk_credit_note_line_credit_note_id"),
            nullable=False,
        ),
        sa.Column(
            "lot_serial_id",
            sa.Integer(),
            sa.ForeignKey("lot_serial.id", name="fk_credit_note_line_lot_serial_id"),
            nullable=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id",
            sa.Integer(),
            sa.ForeignKey("product.id", name="fk_credit_note_line_product_id"),
            nullable=True,
        ),
        sa.Column(
            "service_id",
            sa.Integer(),
            sa.ForeignKey("service.id", name="fk_credit_note_line_service_id"),
            nullable=True,
        ),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.String(length=300), nullable=True),
        sa.Column("line_total", sa.BigInteger(), nullable=False),
    )
    _record(
        "stock_movement",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("moved_at", INSTANT, nullable=False),
        sa.Column(
            "from_warehouse_id",
            sa.Integer(),
            sa.ForeignKey("warehouse.id", name="fk_stock_movement_from_warehouse_id"),
            nullable=True,
        ),
        sa.Column(
            "to_warehouse_id",
            sa.Integer(),
            sa.ForeignKey("warehouse.id", name="fk_stock_movement_to_warehouse_id"),
            nullable=True,
        ),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_stock_movement_client_id"), nullable=True
        ),
        sa.Column(
            "sales_order_id",
            sa.Integer(),
            sa.ForeignKey("sales_order.id", name="fk_stock_movement_sales_order_id"),
            nullable=True,
        ),
        sa.Column(
            "purchase_order_id",
            sa.Integer(),
            sa.ForeignKey("purchase_order.id", name="fk_stock_movement_purchase_order_id"),
            nullable=True,
        ),
        sa.Column(
            "credit_note_id",
            sa.Integer(),
            sa.ForeignKey("credit_note.id", name="fk_stock_movement_credit_note_id"),
            nullable=True,
        ),
        sa.Column(
            "transfer_invoice_id",
            sa.Integer(),
            sa.ForeignKey("transfer_invoice.id", name="fk_stock_movement_transfer_invoice_id"),
            nullable=True,
        ),
        sa.Column("concept", sa.String(length=200), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "bank_transaction",
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column(
            "bank_account_id",
            sa.Integer(),
            sa.ForeignKey("bank_account.id", name="fk_bank_transaction_bank_account_id"),
            nullable=False,
        ),
        sa.Column(
            "to_account_id",
            sa.Integer(),
            sa.ForeignKey("bank_account.id", name="fk_bank_transaction_to_account_id"),
            nullable=True,
        ),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("to_amount", sa.BigInteger(), nullable=True),
        sa.Column("concept", sa.String(length=200), nullable=True),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_bank_transaction_client_id"), nullable=True
        ),
        sa.Column(
            "payment_receipt_id",
            sa.Integer(),
            sa.ForeignKey("payment_receipt.id", name="fk_bank_transaction_payment_receipt_id"),
            nullable=True,
        ),
        sa.Column(
            "cash_flow_entry_id",
            sa.Integer(),
            sa.ForeignKey("cash_flow_entry.id", name="fk_bank_transaction_cash_flow_entry_id"),
            nullable=True,
        ),
        sa.Column(
            "transfer_id",
            sa.Integer(),
            sa.ForeignKey("bank_transaction.id", name="fk_bank_transaction_transfer_id"),
            nullable=True,
        ),
        sa.Column("payment_form", sa.String(length=40), nullable=True),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("reconciled", sa.Boolean(), nullable=False),
        sa.Column("reconciled_on", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "stock_movement_line",
        sa.Column(
            "stock_movement_id",
            sa.Integer(),
            sa.ForeignKey("stock_movement.id", name="fk_stock_movement_line_stock_movement_id"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id",
            sa.Integer(),
            sa.ForeignKey("product.id", name="fk_stock_movement_line_product_id"),
            nullable=False,
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column(
            "lot_serial_id",
            sa.Integer(),
            sa.ForeignKey("lot_serial.id", name="fk_stock_movement_line_lot_serial_id"),
            nullable=True,
        ),
        sa.Column("lot_code", sa.String(length=2000), nullable=True),
        sa.Column("unit_cost", sa.BigInteger(), nullable=True),
        sa.Column(
            "sales_order_line_id",
            sa.Integer(),
            sa.ForeignKey("sales_order_line.id", name="fk_stock_movement_line_sales_order_line_id"),
            nullable=True,
        ),
        sa.Column(
            "purchase_order_line_id",
            sa.Integer(),
            sa.ForeignKey("purchase_order_line.id", name="fk_stock_movement_line_purchase_order_line_id"),
            nullable=True,
        ),
    )
