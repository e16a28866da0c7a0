"""Give the line its skills, tiers, weights, promises and said waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_desk"
down_revision = "2026_11_22_first"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("conversation") as batch:
        batch.add_column(sa.Column("skill", sa.String(length=32)))
        batch.add_column(
            sa.Column(
                "tier",
                sa.String(length=16),
                nullable=False,
                server_default="standard",
            )
        )
        batch.add_column(
            sa.Column("weight", sa.Integer(), nullable=False, server_default="1")
        )
        batch.add_column(sa.Column("last_agent_id", sa.Uuid()))
        batch.add_column(sa.Column("avoid_agent_id", sa.Uuid()))
        batch.add_column(sa.Column("avoid_until", INSTANT))
        batch.create_index(
            "ix_conversation_last_agent_id_status", ["last_agent_id", "status"]
        )
    with op.batch_alter_table("handoff") as batch:
        batch.add_column(
            sa.Column("priority", JSON, nullable=False, server_default="[]")
        )
        batch.add_column(sa.Column("said_low", sa.Integer()))
        batch.add_column(sa.Column("said_high", sa.Integer()))
        batch.add_column(sa.Column("promised_by", INSTANT))
        batch.add_column(sa.Column("called_at", INSTANT))
        batch.add_column(sa.Column("keep_place", JSON))
        batch.add_column(
            sa.Column(
                "substantive_seq", sa.Integer(), nullable=False, server_default="0"
            )
        )
        batch.add_column(sa.Column("first_substantive_at", INSTANT))
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("skills", JSON, nullable=False, server_default="[]"))
        batch.add_column(
            sa.Column("languages", JSON, nullable=False, server_default="[]")
        )
    op.create_table(
        "sla_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handoff_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoff.id"], name=op.f("fk_sla_mark_handoff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sla_mark")),
        sa.UniqueConstraint(
            "handoff_id",
            "clock",
            "due_at",
            "level",
            name=op.f("uq_sla_mark_handoff_id_clock_due_at_level"),
        ),
    )
    op.create_index(op.f("ix_sla_mark_at"), "sla_mark", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_sla_mark_at"), table_name="sla_mark")
    op.drop_table("sla_mark")
    with op.batch_alter_table("staff") as batch:
        batch.drop_column("languages")
        batch.drop_column("skills")
    with op.batch_alter_table("handoff") as batch:
        for name in (
            "first_substantive_at",
            "substantive_seq",
            "keep_place",
            "called_at",
            "promised_by",
            "said_high",
            "said_low",
            "priority",
        ):
            batch.drop_column(name)
    with op.batch_alter_table("conversation") as batch:
        batch.drop_index("ix_conversation_last_agent_id_status")
        for name in (
            "avoid_until",
            "avoid_agent_id",
            "last_agent_id",
            "weight",
            "tier",
            "skill",
        ):
            batch.drop_column(name)
