"""Keep when a shopper asked to be told that it is their turn, and when they were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_places"
down_revision = "2026_11_22_figures"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("handoff") as batch:
        batch.add_column(sa.Column("place_asked_at", INSTANT))
        batch.add_column(sa.Column("place_told_at", INSTANT))
        batch.create_index("ix_handoff_place_asked_at", ["place_asked_at"])


def downgrade() -> None:
    with op.batch_alter_table("handoff") as batch:
        batch.drop_index("ix_handoff_place_asked_at")
        batch.drop_column("place_told_at")
        batch.drop_column("place_asked_at")
