"""Make the tables of promises, allowances, wrap-ups, past answers, appeals and follow-ups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_care"
down_revision = "2026_11_22_gate"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
#: the database itself refuses to rewrite the ledger
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER allowance_entry_no_update BEFORE UPDATE ON allowance_entry"
        " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
        "CREATE TRIGGER allowance_entry_no_delete BEFORE DELETE ON allowance_entry"
        " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION allowance_entry_frozen() RETURNS trigger AS"
        " $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
        " LANGUAGE plpgsql",
        "CREATE TRIGGER allowance_entry_frozen BEFORE UPDATE OR DELETE ON"
        " allowance_entry FOR EACH ROW EXECUTE FUNCTION allowance_entry_frozen()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "allowance_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("order_number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("minor_units", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.CheckConstraint(
            "minor_units > 0", name=op.f("ck_allowance_entry_gives_something")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowance_entry")),
        sa.UniqueConstraint(
            "request_id", "step", name=op.f("uq_allowance_entry_request_id_step")
        ),
    )
    with op.batch_alter_table("allowance_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_allowance_entry_asked_by_at", ["asked_by", "at"], unique=False
        )
        batch_op.create_index(
            "ix_allowance_entry_conversation_id", ["conversation_id"], unique=False
        )
        batch_op.create_index(
            "ix_allowance_entry_order_number", ["order_number"], unique=False
        )

    op.create_table(
        "canned_reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=False),
        sa.Column("shortcut", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("texts", JSON, nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_reply")),
        sa.UniqueConstraint(
            "owner", "shortcut", name=op.f("uq_canned_reply_owner_shortcut")
        ),
    )
    op.create_table(
        "follow_up",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_follow_up_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(
            "ix_follow_up_state_due_at", ["state", "due_at"], unique=False
        )

    op.create_table(
        "past_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("answer_seq", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("model_id", sa.String(length=200), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_past_answer_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_answer")),
        sa.UniqueConstraint(
            "conversation_id",
            "answer_seq",
            name=op.f("uq_past_answer_conversation_id_answer_seq"),
        ),
    )
    with op.batch_alter_table("past_answer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_past_answer_answered_at"), ["answered_at"], unique=False
        )

    op.create_table(
        "promise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("message_seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("warned_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL)",
            name=op.f("ck_promise_only_open_has_no_end"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_promise_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint(
            "conversation_id",
            "message_seq",
            "place",
            name=op.f("uq_promise_conversation_id_message_seq_place"),
        ),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(
            "ix_promise_agent_id_state", ["agent_id", "state"], unique=False
        )
        batch_op.create_index(
            "ix_promise_state_due_at", ["state", "due_at"], unique=False
        )

    op.create_table(
        "wrap_up",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("disposition", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=32), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("is_corrected", sa.Boolean(), nullable=False),
        sa.Column("resolved_at", INSTANT, nullable=False),
        sa.Column("learned_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_wrap_up_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_wrap_up")),
    )
    with op.batch_alter_table("wrap_up", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_wrap_up_learned_at"), ["learned_at"], unique=False
        )

    op.create_table(
        "rating_appeal",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["rating.conversation_id"],
            name=op.f("fk_rating_appeal_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_rating_appeal")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.add_column(sa.Column("accuracy", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("communication", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("delivery", sa.Integer(), nullable=True))
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_column("delivery")
        batch_op.drop_column("communication")
        batch_op.drop_column("accuracy")

    op.drop_table("rating_appeal")
    with op.batch_alter_table("wrap_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wrap_up_learned_at"))

    op.drop_table("wrap_up")
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index("ix_promise_state_due_at")
        batch_op.drop_index("ix_promise_agent_id_state")

    op.drop_table("promise")
    with op.batch_alter_table("past_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_past_answer_answered_at"))

    op.drop_table("past_answer")
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index("ix_follow_up_state_due_at")

    op.drop_table("follow_up")
    op.drop_table("canned_reply")
    with op.batch_alter_table("allowance_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_allowance_entry_order_number")
        batch_op.drop_index("ix_allowance_entry_conversation_id")
        batch_op.drop_index("ix_allowance_entry_asked_by_at")

    op.drop_table("allowance_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION allowance_entry_frozen()")
