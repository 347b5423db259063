"""How Alembic meets the application: its engine, its metadata, SQLite in batch mode without foreign keys."""

from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db


def run() -> None:
    with db.engine.connect() as connection:
        lite = connection.dialect.name == "sqlite"
        if lite:
            # Inside a transaction SQLite ignores this; with keys on, rebuilding a parent would empty its children.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
            # A plugin's revisions are kept apart from the house's.
            version_table=context.config.attributes.get("version_table", "alembic_version"),
        )
        with context.begin_transaction():
            context.run_migrations()
    if lite:
        db.engine.dispose()


run()
