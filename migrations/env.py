"""Alembic's entry. The engine comes from the caller; a migration waits for no lock longer than a few seconds."""

from alembic import context
from sqlalchemy import text

LOCK_TIMEOUT = "5s"

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
    else:
        # SQLite changes a table by copying it and dropping the old one, to which rows of others refer meanwhile. The setting
        # can be changed outside a transaction only, so it is given to the driver; the references are checked before the end.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF").close()
    context.configure(connection=connection, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
            raise ValueError(f"After the migration a row of {broken[0]} refers to a row of {broken[2]} that is not there.")
    connection.commit()
