"""Budgets: scenarios and their lines."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("order_text", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("cap_vnd", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("norms", sa.String(length=100), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("free_need", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("budget_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_plan_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_plan_order_text"), ["order_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_plan_retired_at"), ["retired_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_plan_search_text"), ["search_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_plan_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_plan_updated_at"), ["updated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_plan_year"), ["year"], unique=False)

    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("site_name", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("norm", sa.String(length=64), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("need", sa.Integer(), nullable=False),
        sa.Column("price_vnd", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("price_source", sa.String(length=16), nullable=False),
        sa.Column("funding", sa.String(length=120), nullable=False),
        sa.Column("left_out", sa.String(length=16), nullable=False),
        sa.Column("planned_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["asset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["budget_plan.id"],
        ),
        sa.ForeignKeyConstraint(
            ["planned_id"],
            ["asset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("plan_id", "number", name="uq_budget_line_plan_number"),
    )
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_line_asset_id"), ["asset_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_line_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_line_planned_id"), ["planned_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_line_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_line_unit_id"), ["unit_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("budget_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_line_unit_id"))
        batch_op.drop_index(batch_op.f("ix_budget_line_site_id"))
        batch_op.drop_index(batch_op.f("ix_budget_line_planned_id"))
        batch_op.drop_index(batch_op.f("ix_budget_line_plan_id"))
        batch_op.drop_index(batch_op.f("ix_budget_line_asset_id"))

    op.drop_table("budget_line")
    with op.batch_alter_table("budget_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_plan_year"))
        batch_op.drop_index(batch_op.f("ix_budget_plan_updated_at"))
        batch_op.drop_index(batch_op.f("ix_budget_plan_state"))
        batch_op.drop_index(batch_op.f("ix_budget_plan_search_text"))
        batch_op.drop_index(batch_op.f("ix_budget_plan_retired_at"))
        batch_op.drop_index(batch_op.f("ix_budget_plan_order_text"))
        batch_op.drop_index(batch_op.f("ix_budget_plan_created_at"))

    op.drop_table("budget_plan")
