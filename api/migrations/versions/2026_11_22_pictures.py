"""Keep the pictures that shoppers and agents send; their files lie beside the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_pictures"
down_revision = "2026_11_22_reopening"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=8), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("preview_digest", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "actor IN ('shopper', 'agent')", name=op.f("ck_attachment_known_actor")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_attachment_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_attachment_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint(
            "conversation_id",
            "client_id",
            name=op.f("uq_attachment_conversation_id_client_id"),
        ),
    )
    op.create_index(
        "ix_attachment_message_id_created_at",
        "attachment",
        ["message_id", "created_at"],
    )


def downgrade() -> None:
    op.drop_index("ix_attachment_message_id_created_at", table_name="attachment")
    op.drop_table("attachment")
