"""What follows from a signed count, what people settle in a scenario, and an index that a search reads alone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INDEXED = ("asset_id", "created_at", "document_id", "order_text", "retired_at", "search_text", "stocktake_id",
            "updated_at")  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "count_follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("order_text", sa.String(length=200), nullable=False),
        sa.Column("stocktake_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("done_by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"]),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["stocktake_id"], ["stocktake.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("count_follow_up", schema=None) as batch_op:
        for name in _INDEXED:
            batch_op.create_index(batch_op.f(f"ix_count_follow_up_{name}"), [name], unique=False)
    op.add_column("budget_plan", sa.Column("settled", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("budget_plan", sa.Column("gap_need", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("budget_line", sa.Column("pin", sa.String(length=8), nullable=False, server_default=""))
    op.add_column("budget_line", sa.Column("pin_reason", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("budget_line", sa.Column("price_reason", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("budget_line", sa.Column("drafted", sa.JSON(), nullable=False, server_default="{}"))
    op.drop_index("ix_asset_search_text", table_name="asset")
    op.create_index("ix_asset_search_text", "asset", ["search_text", "retired_at"])


def downgrade() -> None:
    op.drop_index("ix_asset_search_text", table_name="asset")
    op.create_index("ix_asset_search_text", "asset", ["search_text"])
    for name in ("drafted", "price_reason", "pin_reason", "pin"):
        op.drop_column("budget_line", name)
    op.drop_column("budget_plan", "gap_need")
    op.drop_column("budget_plan", "settled")
    op.drop_table("count_follow_up")
