"""Keep with a conversation who received it first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_reception"
down_revision = "2026_11_23_places"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversation") as batch:
        batch.add_column(sa.Column("reception", sa.String(length=16)))


def downgrade() -> None:
    with op.batch_alter_table("conversation") as batch:
        batch.drop_column("reception")
