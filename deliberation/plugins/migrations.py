"""Bringing the database up to date: the house's tables, then each plugin's.

A plugin's migrations are numbered apart and kept in a version table of its own. So the house's never meet a revision
that they do not know, and a plugin that was uninstalled leaves its tables as they are and nothing that stops anybody.
"""

from __future__ import annotations

import flask_migrate
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app

from deliberation.extensions import db
from deliberation.plugins import GROUP, Part, PluginError

BEHIND = "the database is older than this program: run 'deliberation db upgrade' first"
AHEAD = (
    "the database is newer than this program: install the newer program, or restore the backup from before its"
    " 'deliberation db upgrade'"
)


def parts() -> list[Part]:
    found: list[Part] = current_app.extensions[GROUP]
    return [part for part in found if part.given("migrations")]


def config_of(part: Part) -> Config:
    """The house's environment, with the plugin's folder of versions and a version table with the plugin's prefix."""
    made: Config = current_app.extensions["migrate"].migrate.get_config()
    made.set_main_option("path_separator", "newline")
    made.set_main_option("version_locations", str(part.given("migrations")).replace("%", "%%"))
    made.attributes["version_table"] = f"{part.name}_alembic_version"
    return made


def upgrade(revision: str = "head") -> None:
    """Bring the house's tables to ``revision``, and to the newest one the plugins' too."""
    flask_migrate.upgrade(revision=revision)
    if revision != "head":
        return
    for part in parts():
        try:
            command.upgrade(config_of(part), "head")
        except CommandError as error:
            raise part.broken(error) from error


def difference() -> str:
    """In what the tables are not those of the program, in one line; empty where they are. House and plugins."""
    with db.engine.connect() as connection:
        house = ("", current_app.extensions["migrate"].migrate.get_config())
        for name, config in (house, *((part.name, config_of(part)) for part in parts())):
            options = {"version_table": config.attributes["version_table"]} if name else {}
            found = set(MigrationContext.configure(connection, opts=options).get_current_heads())
            script = ScriptDirectory.from_config(config)
            if found != set(script.get_heads()):
                known = {one.revision for one in script.walk_revisions()}
                return f"{name}: {AHEAD if found - known else BEHIND}".removeprefix(": ")
    return ""


def downgrade(name: str, revision: str = "base") -> None:
    """Take one plugin's tables back, all of them by default. Raises `PluginError` where it is not installed."""
    part = next((one for one in parts() if one.name == name), None)
    if part is None:
        raise PluginError(f"No plugin {name} with tables is installed.")
    try:
        command.downgrade(config_of(part), revision)
    except CommandError as error:
        raise part.broken(error) from error
