"""What devices tell of their neighbours is found without a look at all that they tell."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NEIGHBOURS = sa.text("fact = 'neighbour' OR fact = 'name'")


def upgrade() -> None:
    op.create_index(
        "ix_observation_neighbours", "observation", ["fact", "instance", "subject"],
        sqlite_where=_NEIGHBOURS, postgresql_where=_NEIGHBOURS,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_observation_neighbours", "observation")
