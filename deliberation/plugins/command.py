"""``deliberation plugins``."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from deliberation.kernel.commands import refuse
from deliberation.plugins import PluginError, package_of, points
from deliberation.plugins import migrations as tables


@click.group(invoke_without_command=True)
@click.pass_context
def plugins(context: click.Context) -> None:
    """The plugins that are installed, each with its package."""
    if context.invoked_subcommand is None:
        try:
            found = points()
        except PluginError as error:
            refuse(str(error))
        for point in found:
            click.echo(f"{point.name}: {package_of(point)}")
        if not found:
            click.echo("no plugins are installed")


@plugins.command()
@click.argument("name")
@click.argument("revision", default="base")
@with_appcontext
def downgrade(name: str, revision: str) -> None:
    """Take the tables of the plugin NAME back to REVISION (default: none of them stays, nor what they hold)."""
    try:
        tables.downgrade(name, revision)
    except PluginError as error:
        refuse(str(error))
