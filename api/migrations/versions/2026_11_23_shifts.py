"""Keep with an account when its person works in a week."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_shifts"
down_revision = "2026_11_23_reception"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("shifts", JSON))


def downgrade() -> None:
    with op.batch_alter_table("staff") as batch:
        batch.drop_column("shifts")
