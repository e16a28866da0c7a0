"""Make the table of questions to colleagues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_consults"
down_revision = "2026_11_22_pictures"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "consult",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("asker_id", sa.Uuid(), nullable=False),
        sa.Column("asked_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("message_seq", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_consult_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consult")),
        sa.UniqueConstraint(
            "conversation_id",
            "message_seq",
            name=op.f("uq_consult_conversation_id_message_seq"),
        ),
    )
    op.create_index(
        op.f("ix_consult_asked_id_answered_at"), "consult", ["asked_id", "answered_at"]
    )


def downgrade() -> None:
    op.drop_table("consult")
