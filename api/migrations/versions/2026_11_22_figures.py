"""Index what a supervisor's report is counted from: the times of conversations, requests and ratings."""

from __future__ import annotations

from alembic import op

revision = "2026_11_22_figures"
down_revision = "2026_11_22_consults"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_conversation_created_at", "conversation", ["created_at"]),
    ("ix_handoff_requested_at", "handoff", ["requested_at"]),
    (
        "ix_handoff_conversation_id_requested_at",
        "handoff",
        ["conversation_id", "requested_at"],
    ),
    ("ix_rating_updated_at", "rating", ["updated_at"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in reversed(INDEXES):
        op.drop_index(name, table)
