"""Say who closed a gap and how often it needed a person; count articles by the day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_gaps"
down_revision = "2026_11_22_care"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("gap") as batch:
        batch.add_column(
            sa.Column("handovers", sa.Integer(), nullable=False, server_default="0")
        )
        batch.add_column(sa.Column("closed_by", sa.String(length=80), nullable=True))
    op.create_table(
        "article_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("article_id", sa.String(length=80), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("handed_over", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "article_id", name=op.f("pk_article_day")),
    )


def downgrade() -> None:
    op.drop_table("article_day")
    with op.batch_alter_table("gap") as batch:
        batch.drop_column("closed_by")
        batch.drop_column("handovers")
