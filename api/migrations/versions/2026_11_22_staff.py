"""Make the tables of links, second factors and the audit trail of staff accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_staff"
down_revision = "2026_11_22_policy"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
SESSION_COLUMNS = (("address", 64), ("browser", 24), ("system", 24))


def upgrade() -> None:
    for name, length in SESSION_COLUMNS:
        op.add_column(
            "staff_session", sa.Column(name, sa.String(length=length), nullable=True)
        )
    _belongs_to_staff(
        "staff_sign_in",
        sa.Column("ticket_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        key="ticket_hash",
    )
    _belongs_to_staff(
        "staff_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        key="token_hash",
    )
    _belongs_to_staff(
        "staff_second_factor",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        key="staff_id",
    )
    _belongs_to_staff(
        "staff_recovery_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        key="code_hash",
    )
    op.create_table(
        "staff_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_event")),
    )
    op.create_index(op.f("ix_staff_event_at"), "staff_event", ["at"])
    op.create_index(op.f("ix_staff_event_staff_id"), "staff_event", ["staff_id"])


def downgrade() -> None:
    for table in (
        "staff_event",
        "staff_recovery_code",
        "staff_second_factor",
        "staff_link",
        "staff_sign_in",
    ):
        op.drop_table(table)
    with op.batch_alter_table("staff_session") as batch:
        for name, _length in SESSION_COLUMNS:
            batch.drop_column(name)


def _belongs_to_staff(table: str, *columns: sa.Column[object], key: str) -> None:
    op.create_table(
        table,
        *columns,
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f(f"fk_{table}_staff_id")
        ),
        sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
    )
    if key != "staff_id":
        op.create_index(op.f(f"ix_{table}_staff_id"), table, ["staff_id"])
