"""Lines of rulebooks that an accountant confirmed; retiring what is broken; the rows of a closed year one by one."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rulebook_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("order_text", sa.String(length=200), nullable=False),
        sa.Column("rulebook", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("confirmed_by", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("rulebook_confirmation", schema=None) as batch_op:
        for name in ("created_at", "order_text", "retired_at", "rulebook", "search_text", "updated_at"):
            batch_op.create_index(batch_op.f(f"ix_rulebook_confirmation_{name}"), [name], unique=False)
    op.add_column("document", sa.Column("broken", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("asset", sa.Column("corrected_from", sa.Integer(), nullable=True))
    op.create_index("ix_asset_corrected_from", "asset", ["corrected_from"])
    op.create_index(
        "ix_asset_worth",
        "asset",
        ["site_id", "category", "status", "put_to_use", "cost_vnd", "retired_at", "updated_at"],
    )
    op.add_column("wear_closing", sa.Column("rules", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("wear_year", sa.Column("own", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("ix_wear_year_year_own", "wear_year", ["year", "own"])
    op.add_column("wear_year", sa.Column("checksum", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("wear_year", "checksum")
    op.drop_index("ix_wear_year_year_own", table_name="wear_year")
    op.drop_column("wear_year", "own")
    op.drop_column("wear_closing", "rules")
    op.drop_index("ix_asset_worth", table_name="asset")
    op.drop_index("ix_asset_corrected_from", table_name="asset")
    op.drop_column("asset", "corrected_from")
    op.drop_column("document", "broken")
    op.drop_table("rulebook_confirmation")
