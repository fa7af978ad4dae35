"""The steps of a reading, kept beside its picture."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the name of the blob; results of older versions have none."""
    op.add_column("items", sa.Column("steps", sa.String(64), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("items") as table:
        table.drop_column("steps")
