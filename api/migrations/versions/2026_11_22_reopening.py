"""Count how often a conversation was reopened, and note which one a new one goes on from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_reopening"
down_revision = "2026_11_22_staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversation") as batch:
        batch.add_column(
            sa.Column("reopened", sa.Integer(), nullable=False, server_default="0")
        )
        batch.add_column(sa.Column("follows_id", sa.Uuid()))


def downgrade() -> None:
    with op.batch_alter_table("conversation") as batch:
        batch.drop_column("follows_id")
        batch.drop_column("reopened")
