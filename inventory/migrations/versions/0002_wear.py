"""Wear: facts about assets, closings, closed years."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wear_closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("order_text", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("rulebook", sa.String(length=120), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=120), nullable=False),
        sa.Column("assets", sa.Integer(), nullable=False),
        sa.Column("tools", sa.Integer(), nullable=False),
        sa.Column("cost_vnd", sa.BigInteger(), nullable=False),
        sa.Column("annual_vnd", sa.BigInteger(), nullable=False),
        sa.Column("accumulated_vnd", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("year"),
    )
    with op.batch_alter_table("wear_closing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wear_closing_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_wear_closing_order_text"), ["order_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_wear_closing_retired_at"), ["retired_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_wear_closing_search_text"), ["search_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_wear_closing_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "wear_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("order_text", sa.String(length=200), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("worn_vnd", sa.BigInteger(), nullable=True),
        sa.Column("years", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["asset.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("wear_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wear_fact_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_wear_fact_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_wear_fact_order_text"), ["order_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_wear_fact_retired_at"), ["retired_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_wear_fact_search_text"), ["search_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_wear_fact_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "wear_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("cost_vnd", sa.BigInteger(), nullable=False),
        sa.Column("opening_vnd", sa.BigInteger(), nullable=False),
        sa.Column("written_off_vnd", sa.BigInteger(), nullable=False),
        sa.Column("annual_vnd", sa.BigInteger(), nullable=False),
        sa.Column("accumulated_vnd", sa.BigInteger(), nullable=False),
        sa.Column("used_years", sa.Integer(), nullable=False),
        sa.Column("life_years", sa.Integer(), nullable=False),
        sa.Column("yearly_vnd", sa.BigInteger(), nullable=False),
        sa.Column("spread", sa.Boolean(), nullable=False),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["asset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["closing_id"],
            ["wear_closing.id"],
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("asset_id", "year", name="uq_wear_year_asset_year"),
    )
    with op.batch_alter_table("wear_year", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wear_year_closing_id"), ["closing_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_wear_year_site_id"), ["site_id"], unique=False)
        batch_op.create_index("ix_wear_year_year_site", ["year", "site_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("wear_year", schema=None) as batch_op:
        batch_op.drop_index("ix_wear_year_year_site")
        batch_op.drop_index(batch_op.f("ix_wear_year_site_id"))
        batch_op.drop_index(batch_op.f("ix_wear_year_closing_id"))

    op.drop_table("wear_year")
    with op.batch_alter_table("wear_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wear_fact_updated_at"))
        batch_op.drop_index(batch_op.f("ix_wear_fact_search_text"))
        batch_op.drop_index(batch_op.f("ix_wear_fact_retired_at"))
        batch_op.drop_index(batch_op.f("ix_wear_fact_order_text"))
        batch_op.drop_index(batch_op.f("ix_wear_fact_created_at"))
        batch_op.drop_index(batch_op.f("ix_wear_fact_asset_id"))

    op.drop_table("wear_fact")
    with op.batch_alter_table("wear_closing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wear_closing_updated_at"))
        batch_op.drop_index(batch_op.f("ix_wear_closing_search_text"))
        batch_op.drop_index(batch_op.f("ix_wear_closing_retired_at"))
        batch_op.drop_index(batch_op.f("ix_wear_closing_order_text"))
        batch_op.drop_index(batch_op.f("ix_wear_closing_created_at"))

    op.drop_table("wear_closing")
