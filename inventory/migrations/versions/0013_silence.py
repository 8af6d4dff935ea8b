"""Indexes by which it is found whom the network misses."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_asset_watched", "asset", ["mac", "serial", "category", "site_id", "created_at"],
     "status = 'in_use' AND retired_at IS NULL"),
    ("ix_finding_site_first", "finding", ["site_id", "first_seen"], None),
    ("ix_finding_site_last", "finding", ["site_id", "last_seen"], None),
    ("ix_finding_mac_seen", "finding", ["mac", "last_seen"], "mac <> ''"),
    ("ix_finding_serial_seen", "finding", ["serial", "last_seen"], "serial <> ''"),
    ("ix_finding_asset_seen", "finding", ["asset_id", "last_seen"], "asset_id IS NOT NULL"),
    ("ix_observation_seen", "observation", ["value", "fact", "last_seen"], None),
)  # fmt: skip


def upgrade() -> None:
    for name, table, columns, condition in _INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
