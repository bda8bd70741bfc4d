"""Alembic's entry. The engine comes from the caller; a migration waits for no lock longer than a few seconds."""

from alembic import context
from sqlalchemy import text

LOCK_TIMEOUT = "5s"

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
    context.configure(connection=connection, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
