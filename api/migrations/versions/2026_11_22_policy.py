"""Make the tables of the handoff policy's revisions and of agents' marks on handoffs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_policy"
down_revision = "2026_11_22_gaps"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "policy_revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("triggers", JSON, nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("restores", sa.Integer(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_revision")),
        sa.UniqueConstraint("number", name=op.f("uq_policy_revision_number")),
    )
    op.create_table(
        "handoff_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handoff_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("article_id", sa.String(length=80), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "verdict = 'bot_could' OR article_id IS NULL",
            name=op.f("ck_handoff_mark_article_only_for_bot"),
        ),
        sa.ForeignKeyConstraint(
            ["handoff_id"],
            ["handoff.id"],
            name=op.f("fk_handoff_mark_handoff_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_mark")),
        sa.UniqueConstraint(
            "handoff_id", "agent_id", name=op.f("uq_handoff_mark_handoff_id_agent_id")
        ),
    )
    op.create_index(op.f("ix_handoff_mark_handoff_id"), "handoff_mark", ["handoff_id"])


def downgrade() -> None:
    op.drop_table("handoff_mark")
    op.drop_table("policy_revision")
