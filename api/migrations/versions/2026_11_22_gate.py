"""Give articles their review, schedule and validity, and publications their record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_gate"
down_revision = "2026_11_22_desk"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
_ARTICLE = (
    ("review_asked_by", sa.String(length=80)),
    ("review_asked_at", INSTANT),
    ("scheduled_at", INSTANT),
    ("schedule", JSON),
    ("valid_from", INSTANT),
    ("valid_until", INSTANT),
)


def upgrade() -> None:
    with op.batch_alter_table("article") as batch:
        for name, kind in _ARTICLE:
            batch.add_column(sa.Column(name, kind, nullable=True))
        batch.create_index("ix_article_scheduled_at", ["scheduled_at"])
    with op.batch_alter_table("revision") as batch:
        batch.add_column(
            sa.Column("since", JSON, nullable=False, server_default=sa.text("'{}'"))
        )
    op.create_table(
        "publication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("article_id", sa.String(length=80), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=True),
        sa.Column("index_version", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("report", JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_publication_article_id_article"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    with op.batch_alter_table("publication") as batch:
        batch.create_index("ix_publication_article_id_at", ["article_id", "at"])


def downgrade() -> None:
    op.drop_table("publication")
    with op.batch_alter_table("revision") as batch:
        batch.drop_column("since")
    with op.batch_alter_table("article") as batch:
        batch.drop_index("ix_article_scheduled_at")
        for name, _ in reversed(_ARTICLE):
            batch.drop_column(name)
