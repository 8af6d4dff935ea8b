"""Custody and reorganisation: documents with their items, units that went into others."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reorganisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("order_text", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("decree", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("pairs", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("reorganisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reorganisation_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reorganisation_order_text"), ["order_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_reorganisation_retired_at"), ["retired_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reorganisation_search_text"), ["search_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_reorganisation_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(length=400), nullable=False),
        sa.Column("order_text", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("to_site_id", sa.Integer(), nullable=False),
        sa.Column("standing_site_id", sa.Integer(), nullable=False),
        sa.Column("from_name", sa.String(length=120), nullable=False),
        sa.Column("from_title", sa.String(length=120), nullable=False),
        sa.Column("to_name", sa.String(length=120), nullable=False),
        sa.Column("to_title", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("papers", sa.String(length=200), nullable=False),
        sa.Column("accessories", sa.JSON(), nullable=False),
        sa.Column("reverses_id", sa.Integer(), nullable=True),
        sa.Column("reversed_by_id", sa.Integer(), nullable=True),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("cost_vnd", sa.BigInteger(), nullable=False),
        sa.Column("worn_vnd", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["reversed_by_id"],
            ["document.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"],
            ["document.id"],
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.ForeignKeyConstraint(
            ["standing_site_id"],
            ["site.id"],
        ),
        sa.ForeignKeyConstraint(
            ["to_site_id"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "year", "sequence", name="uq_document_kind_year_sequence"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("reversed_by_id"),
        sa.UniqueConstraint("reverses_id"),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_order_text"), ["order_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_retired_at"), ["retired_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_search_text"), ["search_text"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_standing_site_id"), ["standing_site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_to_site_id"), ["to_site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_updated_at"), ["updated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_year"), ["year"], unique=False)

    op.create_table(
        "reorganisation_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reorganisation_id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reorganisation_id"],
            ["reorganisation.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("reorganisation_move", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reorganisation_move_reorganisation_id"), ["reorganisation_id"], unique=False
        )

    op.create_table(
        "document_site",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("document_id", "site_id"),
    )
    with op.batch_alter_table("document_site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_site_site_id"), ["site_id"], unique=False)

    op.create_table(
        "document_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("serial", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("specification", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("capacity", sa.String(length=64), nullable=False),
        sa.Column("used_since", sa.Integer(), nullable=True),
        sa.Column("cost_vnd", sa.BigInteger(), nullable=False),
        sa.Column("worn_vnd", sa.BigInteger(), nullable=False),
        sa.Column("papers", sa.String(length=200), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asset_id"],
            ["asset.id"],
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "asset_id", name="uq_document_item_document_asset"),
    )
    with op.batch_alter_table("document_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_item_asset_id"), ["asset_id"], unique=False)

    # In both dialects; on SQLite a batch would make the table anew, which its references forbid.
    op.execute("ALTER TABLE asset ADD COLUMN document_id INTEGER REFERENCES document (id)")
    op.create_index("ix_asset_document_id", "asset", ["document_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_asset_document_id", table_name="asset")
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.drop_column("document_id")

    with op.batch_alter_table("document_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_item_asset_id"))

    op.drop_table("document_item")
    with op.batch_alter_table("document_site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_site_site_id"))

    op.drop_table("document_site")
    with op.batch_alter_table("reorganisation_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reorganisation_move_reorganisation_id"))

    op.drop_table("reorganisation_move")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_year"))
        batch_op.drop_index(batch_op.f("ix_document_updated_at"))
        batch_op.drop_index(batch_op.f("ix_document_to_site_id"))
        batch_op.drop_index(batch_op.f("ix_document_standing_site_id"))
        batch_op.drop_index(batch_op.f("ix_document_site_id"))
        batch_op.drop_index(batch_op.f("ix_document_search_text"))
        batch_op.drop_index(batch_op.f("ix_document_retired_at"))
        batch_op.drop_index(batch_op.f("ix_document_order_text"))
        batch_op.drop_index(batch_op.f("ix_document_kind"))
        batch_op.drop_index(batch_op.f("ix_document_day"))
        batch_op.drop_index(batch_op.f("ix_document_created_at"))

    op.drop_table("document")
    with op.batch_alter_table("reorganisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reorganisation_updated_at"))
        batch_op.drop_index(batch_op.f("ix_reorganisation_search_text"))
        batch_op.drop_index(batch_op.f("ix_reorganisation_retired_at"))
        batch_op.drop_index(batch_op.f("ix_reorganisation_order_text"))
        batch_op.drop_index(batch_op.f("ix_reorganisation_created_at"))

    op.drop_table("reorganisation")
