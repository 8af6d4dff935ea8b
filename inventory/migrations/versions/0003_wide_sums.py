"""Sums of money and bits a second past 32 bits."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WIDER = (
    ("asset", "cost_vnd"),
    ("link", "bandwidth_bps"),
    ("link", "monthly_cost_vnd"),
    ("product", "list_price_vnd"),
)


def upgrade() -> None:
    # SQLite's integers hold 64 bits already, and it could only copy the tables that others refer to.
    if op.get_bind().dialect.name == "postgresql":
        for table, name in WIDER:
            op.alter_column(table, name, type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, name in WIDER:
            op.alter_column(table, name, type_=sa.Integer(), existing_type=sa.BigInteger(), existing_nullable=False)
