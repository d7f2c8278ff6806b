"""The first schema: all tables of the modules, the history, the counters, and the folding of text on PostgreSQL."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")
JSON = sa.JSON(none_as_null=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORT_KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
LIVE = "deleted_at IS NULL"

# The same folding as db.text.search_fold and sort_fold; tests compare them on both engines.
FOLDING = """
CREATE FUNCTION {name}(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT regexp_replace(normalize({lowered}, NFKD), '[\u0300-\u036f]', '', 'g')
$$
"""


def _table(name: str, *columns: Any) -> None:
    op.create_table(name, *columns, sa.PrimaryKeyConstraint("id", name=f"pk_{name}"))


def _record(name: str, *columns: Any) -> None:
    """A module's table: its own columns between the id and what every record has."""
    _table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        *columns,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("sort_key", SORT_KEY, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("extra", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.String(80), nullable=False),
        sa.Column("modified_at", INSTANT, nullable=False),
        sa.Column("modified_by", sa.String(80), nullable=False),
        sa.Column("capture_source", sa.String(40), nullable=False),
        sa.Column("deleted_at", INSTANT, nullable=True),
    )


def _unique(table: str, column: str, where: str = LIVE) -> None:
    live = sa.text(where)
    name = f"uq_{table}_{column}"
    op.create_index(name, table, [column], unique=True, sqlite_where=live, postgresql_where=live)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def upgrade() -> None:
    """Create everything."""
    _create_folding()
    _create_base()
    _create_modules()
    _create_indexes()


def _create_folding() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    lowered = "lower(value)"
    op.execute(FOLDING.format(name="ofi_search", lowered=lowered))
    spanish = "replace(lower(normalize(value, NFC)), 'ñ', 'n~')"
    op.execute(FOLDING.format(name="ofi_sort", lowered=spanish))


def _create_base() -> None:
    op.create_table(
        "operation",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("user_name", sa.String(80), nullable=False),
        sa.Column("label", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("undoes_id", BIG_ID, sa.ForeignKey("operation.id", name="fk_operation_undoes_id"), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_operation"),
    )
    op.create_table(
        "change",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("operation_id", BIG_ID, sa.ForeignKey("operation.id", name="fk_change_operation_id"), nullable=False),
        sa.Column("table_name", sa.String(60), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(10), nullable=False),
        sa.Column("field", sa.String(60), nullable=False),
        sa.Column("old_value", JSON, nullable=True),
        sa.Column("new_value", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
    )
    op.create_table(
        "counter",
        sa.Column("series", sa.String(60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name="pk_counter"),
    )


def _create_modules() -> None:
    _record(
        "action_type",
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "branch",
        sa.Column("code", sa.String(6), nullable=True),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "contact_type",
        sa.Column("icon", sa.String(40), nullable=False),
        sa.Column("is_email", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "custom_field",
        sa.Column("module_table", sa.String(60), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("options", sa.Text(), nullable=True),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("default_value", sa.String(200), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "origin",
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "product",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sku", sa.String(40), nullable=False),
        sa.Column("category", sa.String(80), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("sales_description", sa.Text(), nullable=True),
        sa.Column("sale_price", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("tax_rate", sa.BigInteger(), nullable=False),
        sa.Column("sat_product_key", sa.String(8), nullable=True),
        sa.Column("sat_unit_key", sa.String(3), nullable=True),
        sa.Column("reorder_point", sa.BigInteger(), nullable=True),
        sa.Column("max_stock", sa.BigInteger(), nullable=True),
        sa.Column("tracking", sa.String(40), nullable=False),
        sa.Column("brand", sa.String(80), nullable=True),
        sa.Column("model", sa.String(80), nullable=True),
        sa.Column("weight", sa.BigInteger(), nullable=True),
        sa.Column("warranty_months", sa.Integer(), nullable=True),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "result",
        sa.Column("tone", sa.String(40), nullable=False),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "salesperson",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("login", sa.String(80), nullable=True),
        sa.Column("phone", sa.String(40), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("commission", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "saved_view",
        sa.Column("module_table", sa.String(60), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("value", JSON, nullable=True),
    )
    _record(
        "sector",
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
    )
    _record(
        "service",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("category", sa.String(80), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("tax_rate", sa.BigInteger(), nullable=False),
        sa.Column("standard_duration_hours", sa.BigInteger(), nullable=True),
        sa.Column("sat_product_key", sa.String(8), nullable=True),
        sa.Column("sat_unit_key", sa.String(3), nullable=True),
        sa.Column("is_recurring", sa.Boolean(), nullable=False),
        sa.Column("billing_period", sa.String(40), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "setting",
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("value", JSON, nullable=True),
    )
    _record(
        "client",
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("code", sa.String(30), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("legal_name", sa.String(200), nullable=True),
        sa.Column("tax_id", sa.String(30), nullable=True),
        sa.Column("tax_postal_code", sa.String(12), nullable=True),
        sa.Column("phone", sa.String(40), nullable=True),
        sa.Column("mobile_phone", sa.String(40), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("website", sa.String(300), nullable=True),
        sa.Column("street", sa.String(200), nullable=True),
        sa.Column("postal_code", sa.String(12), nullable=True),
        sa.Column("city", sa.String(120), nullable=True),
        sa.Column("province", sa.String(120), nullable=True),
        sa.Column("country", sa.String(2), nullable=True),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_client_salesperson_id"),
            nullable=True,
        ),
        sa.Column("origin_id", sa.Integer(), sa.ForeignKey("origin.id", name="fk_client_origin_id"), nullable=True),
        sa.Column("sector_id", sa.Integer(), sa.ForeignKey("sector.id", name="fk_client_sector_id"), nullable=True),
        sa.Column("branch_id", sa.Integer(), sa.ForeignKey("branch.id", name="fk_client_branch_id"), nullable=True),
        sa.Column(
            "parent_client_id",
            sa.Integer(),
            sa.ForeignKey("client.id", name="fk_client_parent_client_id"),
            nullable=True,
        ),
        sa.Column("employee_count", sa.Integer(), nullable=True),
        sa.Column("annual_revenue", sa.BigInteger(), nullable=True),
        sa.Column("credit_limit", sa.BigInteger(), nullable=True),
        sa.Column("credit_days", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "salesperson_absence",
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_salesperson_absence_salesperson_id"),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(120), nullable=True),
    )
    _record(
        "person",
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("salutation", sa.String(40), nullable=True),
        sa.Column("first_name", sa.String(120), nullable=False),
        sa.Column("last_name", sa.String(120), nullable=False),
        sa.Column("client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_person_client_id"), nullable=True),
        sa.Column("job_title", sa.String(120), nullable=True),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_person_salesperson_id"),
            nullable=True,
        ),
        sa.Column("mobile_phone", sa.String(40), nullable=True),
        sa.Column("home_phone", sa.String(40), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("portal_user", sa.Boolean(), nullable=False),
        sa.Column("email_opt_out", sa.Boolean(), nullable=False),
        sa.Column("lead_source", sa.String(40), nullable=True),
        sa.Column("from_prospect", sa.Boolean(), nullable=False),
        sa.Column("shipping_street", sa.String(200), nullable=True),
        sa.Column("shipping_exterior_number", sa.String(20), nullable=True),
        sa.Column("shipping_interior_number", sa.String(20), nullable=True),
        sa.Column("shipping_neighborhood", sa.String(120), nullable=True),
        sa.Column("shipping_postal_code", sa.String(12), nullable=True),
        sa.Column("shipping_municipality", sa.String(120), nullable=True),
        sa.Column("shipping_state", sa.String(120), nullable=True),
        sa.Column("shipping_country", sa.String(2), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "contact",
        sa.Column("client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_contact_client_id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_contact_person_id"), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("time", sa.Time(), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_contact_salesperson_id"),
            nullable=True,
        ),
        sa.Column("type_id", sa.Integer(), sa.ForeignKey("contact_type.id", name="fk_contact_type_id"), nullable=False),
        sa.Column("made_by", sa.String(40), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("next_at", sa.Date(), nullable=True),
        sa.Column("next_time", sa.Time(), nullable=True),
        sa.Column(
            "next_type_id",
            sa.Integer(),
            sa.ForeignKey("contact_type.id", name="fk_contact_next_type_id"),
            nullable=True,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("result_id", sa.Integer(), sa.ForeignKey("result.id", name="fk_contact_result_id"), nullable=True),
        sa.Column(
            "previous_id", sa.Integer(), sa.ForeignKey("contact.id", name="fk_contact_previous_id"), nullable=True
        ),
    )
    _record(
        "contact_action",
        sa.Column(
            "contact_id", sa.Integer(), sa.ForeignKey("contact.id", name="fk_contact_action_contact_id"), nullable=False
        ),
        sa.Column(
            "action_type_id",
            sa.Integer(),
            sa.ForeignKey("action_type.id", name="fk_contact_action_action_type_id"),
            nullable=True,
        ),
        sa.Column("text", sa.String(200), nullable=False),
    )
    _record(
        "contact_item",
        sa.Column(
            "contact_id", sa.Integer(), sa.ForeignKey("contact.id", name="fk_contact_item_contact_id"), nullable=False
        ),
        sa.Column(
            "product_id", sa.Integer(), sa.ForeignKey("product.id", name="fk_contact_item_product_id"), nullable=True
        ),
        sa.Column(
            "service_id", sa.Integer(), sa.ForeignKey("service.id", name="fk_contact_item_service_id"), nullable=True
        ),
    )
    _record(
        "interest",
        sa.Column("client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_interest_client_id"), nullable=False),
        sa.Column(
            "product_id", sa.Integer(), sa.ForeignKey("product.id", name="fk_interest_product_id"), nullable=True
        ),
        sa.Column(
            "service_id", sa.Integer(), sa.ForeignKey("service.id", name="fk_interest_service_id"), nullable=True
        ),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_interest_person_id"), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column(
            "contact_id", sa.Integer(), sa.ForeignKey("contact.id", name="fk_interest_contact_id"), nullable=True
        ),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "opportunity",
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column(
            "client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_opportunity_client_id"), nullable=False
        ),
        sa.Column(
            "person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_opportunity_person_id"), nullable=True
        ),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_opportunity_salesperson_id"),
            nullable=True,
        ),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("probability", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("expected_close_date", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.Date(), nullable=True),
        sa.Column("type", sa.String(40), nullable=True),
        sa.Column("lead_source", sa.String(40), nullable=True),
        sa.Column("next_step", sa.String(200), nullable=True),
        sa.Column("loss_reason", sa.String(40), nullable=True),
        sa.Column(
            "contact_id", sa.Integer(), sa.ForeignKey("contact.id", name="fk_opportunity_contact_id"), nullable=True
        ),
        sa.Column("notes", sa.Text(), nullable=True),
    )
    _record(
        "quote",
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("client_id", sa.Integer(), sa.ForeignKey("client.id", name="fk_quote_client_id"), nullable=False),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id", name="fk_quote_person_id"), nullable=True),
        sa.Column(
            "opportunity_id",
            sa.Integer(),
            sa.ForeignKey("opportunity.id", name="fk_quote_opportunity_id"),
            nullable=True,
        ),
        sa.Column(
            "salesperson_id",
            sa.Integer(),
            sa.ForeignKey("salesperson.id", name="fk_quote_salesperson_id"),
            nullable=True,
        ),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("tax_total", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("copy_number", sa.Integer(), nullable=False),
        sa.Column(
            "duplicated_from_id",
            sa.Integer(),
            sa.ForeignKey("quote.id", name="fk_quote_duplicated_from_id"),
            nullable=True,
        ),
        sa.Column("contact_id", sa.Integer(), sa.ForeignKey("contact.id", name="fk_quote_contact_id"), nullable=True),
    )
    _record(
        "quote_line",
        sa.Column("quote_id", sa.Integer(), sa.ForeignKey("quote.id", name="fk_quote_line_quote_id"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id", sa.Integer(), sa.ForeignKey("product.id", name="fk_quote_line_product_id"), nullable=True
        ),
        sa.Column(
            "service_id", sa.Integer(), sa.ForeignKey("service.id", name="fk_quote_line_service_id"), nullable=True
        ),
        sa.Column("description", sa.String(500), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.BigInteger(), nullable=False),
        sa.Column("line_total", sa.BigInteger(), nullable=False),
    )


INDEXES = (
    ("operation", "undoes_id"),
    ("change", "operation_id"),
    ("action_type", "sort_key"),
    ("branch", "sort_key"),
    ("contact_type", "sort_key"),
    ("custom_field", "sort_key"),
    ("origin", "sort_key"),
    ("product", "sort_key"),
    ("result", "sort_key"),
    ("salesperson", "sort_key"),
    ("sector", "sort_key"),
    ("service", "sort_key"),
    ("client", "branch_id"),
    ("client", "origin_id"),
    ("client", "parent_client_id"),
    ("client", "salesperson_id"),
    ("client", "sector_id"),
    ("client", "sort_key"),
    ("salesperson_absence", "salesperson_id"),
    ("person", "client_id"),
    ("person", "salesperson_id"),
    ("person", "sort_key"),
    ("contact", "client_id", "date"),
    ("contact", "date", "time", "id"),
    ("contact", "next_type_id"),
    ("contact", "person_id"),
    ("contact", "result_id"),
    ("contact", "salesperson_id"),
    ("contact", "type_id"),
    ("contact_action", "action_type_id"),
    ("contact_action", "contact_id"),
    ("contact_item", "contact_id"),
    ("contact_item", "product_id"),
    ("contact_item", "service_id"),
    ("interest", "client_id"),
    ("interest", "contact_id"),
    ("interest", "person_id"),
    ("interest", "product_id"),
    ("interest", "service_id"),
    ("interest", "sort_key"),
    ("opportunity", "client_id"),
    ("opportunity", "contact_id"),
    ("opportunity", "expected_close_date"),
    ("opportunity", "person_id"),
    ("opportunity", "salesperson_id"),
    ("opportunity", "sort_key"),
    ("quote", "client_id"),
    ("quote", "contact_id"),
    ("quote", "date"),
    ("quote", "duplicated_from_id"),
    ("quote", "opportunity_id"),
    ("quote", "person_id"),
    ("quote", "salesperson_id"),
    ("quote", "sort_key"),
    ("quote_line", "product_id"),
    ("quote_line", "quote_id"),
    ("quote_line", "service_id"),
)
UNIQUE = (
    ("action_type", "name"),
    ("action_type", "number"),
    ("branch", "name"),
    ("branch", "number"),
    ("contact_type", "name"),
    ("contact_type", "number"),
    ("origin", "name"),
    ("origin", "number"),
    ("product", "sku"),
    ("result", "name"),
    ("result", "number"),
    ("salesperson", "login"),
    ("salesperson", "name"),
    ("salesperson", "number"),
    ("sector", "name"),
    ("sector", "number"),
    ("service", "code"),
    ("setting", "name"),
    ("client", "code"),
    ("client", "email"),
    ("client", "tax_id", f"{LIVE} AND tax_id <> 'XAXX010101000' AND tax_id <> 'XEXX010101000'"),
    ("person", "email"),
    ("person", "number"),
    ("contact", "previous_id"),
    ("opportunity", "number"),
    ("quote", "number"),
)


def _create_indexes() -> None:
    op.create_index("ix_change_record", "change", ["table_name", "record_id"])
    for table, *columns in INDEXES:
        _index(table, *columns)
    for table, column, *where in UNIQUE:
        _unique(table, column, *where)


def downgrade() -> None:
    """There is nothing before the first schema."""
    raise NotImplementedError("the first schema cannot be taken back")
