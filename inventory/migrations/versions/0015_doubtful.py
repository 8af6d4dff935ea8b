"""Which things on the network the books may not explain, so that those that they do need not be looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_DOUBTFUL = sa.text("doubtful")
_DECIDED = sa.text("state <> 'open'")


def upgrade() -> None:
    op.add_column("finding", sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.true()))
    finding = sa.table("finding", sa.column("doubtful", sa.Boolean()), sa.column("state", sa.String()))
    op.execute(finding.update().where(finding.c.state != "open").values(doubtful=False))
    op.create_index(
        "ix_finding_doubtful", "finding", ["last_seen", "site_id", "mac", "serial", "address", "source", "doubtful"],
        sqlite_where=_DOUBTFUL, postgresql_where=_DOUBTFUL,
    )  # fmt: skip
    op.create_index(
        "ix_finding_decided", "finding", ["decided_at"], sqlite_where=_DECIDED, postgresql_where=_DECIDED
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_finding_decided", "finding")
    op.drop_index("ix_finding_doubtful", "finding")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_column("doubtful")
