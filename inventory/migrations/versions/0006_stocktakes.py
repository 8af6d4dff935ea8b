"""Stocktakes: campaigns, frozen lists, what was counted and decided."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stocktake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("order_text", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("site_ids", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("committee", sa.JSON(), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.Column("head_of_unit", sa.String(length=120), nullable=False),
        sa.Column("chief_accountant", sa.String(length=120), nullable=False),
        sa.Column("evidence_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=120), nullable=False),
        sa.Column("conclusion", sa.String(length=2000), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("stocktake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stocktake_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stocktake_due"), ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_stocktake_order_text"), ["order_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_stocktake_retired_at"), ["retired_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stocktake_search_text"), ["search_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_stocktake_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_stocktake_updated_at"), ["updated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stocktake_year"), ["year"], unique=False)

    op.create_table(
        "count_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("order_text", sa.String(length=200), nullable=False),
        sa.Column("stocktake_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["stocktake_id"],
            ["stocktake.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stocktake_id", "subject", name="uq_count_decision_subject"),
    )
    with op.batch_alter_table("count_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_count_decision_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_count_decision_order_text"), ["order_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_count_decision_retired_at"), ["retired_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_count_decision_search_text"), ["search_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_count_decision_stocktake_id"), ["stocktake_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_count_decision_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "stocktake_site",
        sa.Column("stocktake_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stocktake_id"],
            ["stocktake.id"],
        ),
        sa.PrimaryKeyConstraint("stocktake_id", "site_id"),
    )
    with op.batch_alter_table("stocktake_site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stocktake_site_site_id"), ["site_id"], unique=False)

    op.create_table(
        "expected_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stocktake_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=120), nullable=False),
        sa.Column("mac", sa.String(length=17), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("site_name", sa.String(length=200), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("cost_vnd", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("residual_vnd", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["asset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stocktake_id"],
            ["stocktake.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stocktake_id", "asset_id", name="uq_expected_line_asset"),
        sa.UniqueConstraint("stocktake_id", "number", name="uq_expected_line_number"),
    )
    with op.batch_alter_table("expected_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expected_line_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_expected_line_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_expected_line_stocktake_id"), ["stocktake_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_expected_line_tag"), ["tag"], unique=False)

    op.create_table(
        "count_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("stocktake_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("condition", sa.String(length=16), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("site_name", sa.String(length=200), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("voids", sa.String(length=32), nullable=False),
        sa.Column("counted_by", sa.String(length=120), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["asset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["expected_line.id"],
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stocktake_id"],
            ["stocktake.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    with op.batch_alter_table("count_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_count_entry_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_count_entry_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_count_entry_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_count_entry_stocktake_id"), ["stocktake_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_count_entry_voids"), ["voids"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("count_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_count_entry_voids"))
        batch_op.drop_index(batch_op.f("ix_count_entry_stocktake_id"))
        batch_op.drop_index(batch_op.f("ix_count_entry_site_id"))
        batch_op.drop_index(batch_op.f("ix_count_entry_line_id"))
        batch_op.drop_index(batch_op.f("ix_count_entry_asset_id"))

    op.drop_table("count_entry")
    with op.batch_alter_table("expected_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expected_line_tag"))
        batch_op.drop_index(batch_op.f("ix_expected_line_stocktake_id"))
        batch_op.drop_index(batch_op.f("ix_expected_line_site_id"))
        batch_op.drop_index(batch_op.f("ix_expected_line_asset_id"))

    op.drop_table("expected_line")
    with op.batch_alter_table("stocktake_site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stocktake_site_site_id"))

    op.drop_table("stocktake_site")
    with op.batch_alter_table("count_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_count_decision_updated_at"))
        batch_op.drop_index(batch_op.f("ix_count_decision_stocktake_id"))
        batch_op.drop_index(batch_op.f("ix_count_decision_search_text"))
        batch_op.drop_index(batch_op.f("ix_count_decision_retired_at"))
        batch_op.drop_index(batch_op.f("ix_count_decision_order_text"))
        batch_op.drop_index(batch_op.f("ix_count_decision_created_at"))

    op.drop_table("count_decision")
    with op.batch_alter_table("stocktake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stocktake_year"))
        batch_op.drop_index(batch_op.f("ix_stocktake_updated_at"))
        batch_op.drop_index(batch_op.f("ix_stocktake_state"))
        batch_op.drop_index(batch_op.f("ix_stocktake_search_text"))
        batch_op.drop_index(batch_op.f("ix_stocktake_retired_at"))
        batch_op.drop_index(batch_op.f("ix_stocktake_order_text"))
        batch_op.drop_index(batch_op.f("ix_stocktake_due"))
        batch_op.drop_index(batch_op.f("ix_stocktake_created_at"))

    op.drop_table("stocktake")
