"""Alembic runs this; `digitlens.store.database` hands over the open, locked connection."""

from alembic import context

from digitlens.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
