"""The host key by which a device is known over SSH."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("device", sa.Column("ssh_host_key", sa.String(length=100), nullable=True))


def downgrade() -> None:
    op.drop_column("device", "ssh_host_key")
