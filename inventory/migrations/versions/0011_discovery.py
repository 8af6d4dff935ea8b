"""Address ranges that are swept, and what was found on the network."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BOOKED = ("created_at", "order_text", "retired_at", "search_text", "updated_at")
_OF_SUBNET = ("cidr", "site_id", "snmp_credential_id")
_OF_FINDING = (
    "address", "asset_id", "before_site_id", "first_seen", "last_seen", "moved_at", "serial", "site_id", "state"
)  # fmt: skip


def _booked() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("order_text", sa.String(length=200), nullable=False),
    ]


def _index(table: str, names: tuple[str, ...]) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name in names:
            batch_op.create_index(batch_op.f(f"ix_{table}_{name}"), [name], unique=False)


def upgrade() -> None:
    op.create_table(
        "subnet",
        *_booked(),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("cidr", sa.String(length=64), nullable=False),
        sa.Column("scan", sa.Boolean(), nullable=False),
        sa.Column("every_h", sa.Integer(), nullable=False),
        sa.Column("snmp_credential_id", sa.Integer(), nullable=True),
        sa.Column("scan_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"]),
        sa.ForeignKeyConstraint(["snmp_credential_id"], ["credential.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    _index("subnet", (*_BOOKED, *_OF_SUBNET))
    op.create_table(
        "finding",
        *_booked(),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(length=17), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("vendor", sa.String(length=120), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("serial", sa.String(length=120), nullable=False),
        sa.Column("object_id", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("switch", sa.String(length=64), nullable=False),
        sa.Column("port", sa.String(length=128), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("before_switch", sa.String(length=64), nullable=False),
        sa.Column("before_port", sa.String(length=128), nullable=False),
        sa.Column("before_site_id", sa.Integer(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"]),
        sa.ForeignKeyConstraint(["before_site_id"], ["site.id"]),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    _index("finding", (*_BOOKED, *_OF_FINDING))
    for name, columns, where in (
        ("uq_finding_mac", ["mac"], sa.text("mac <> ''")),
        ("uq_finding_address", ["site_id", "address"], sa.text("mac = ''")),
    ):
        op.create_index(name, "finding", columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_table("finding")
    op.drop_table("subnet")
