"""The host through which a device is reached over SSH."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # SQLite adds no constraint to a table that stands, but takes one with the column.
    jump = sa.Column("ssh_jump_id", sa.Integer(), sa.ForeignKey("device.id"), nullable=True)
    op.add_column("device", jump, inline_references=True)
    op.create_index("ix_device_ssh_jump_id", "device", ["ssh_jump_id"])


def downgrade() -> None:
    op.drop_index("ix_device_ssh_jump_id", "device")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_column("ssh_jump_id")
