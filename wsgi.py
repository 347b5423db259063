"""The door for WSGI servers: ``gunicorn wsgi:app``."""

import sys

import click

from deliberation.app import create_app, require_key
from deliberation.cli.erasures import ErasuresError, replay_erasures
from deliberation.config import SettingError
from deliberation.plugins import PluginError

try:
    app = create_app()
except (PluginError, SettingError) as error:
    sys.exit(str(error))
if missing := require_key(app):
    sys.exit(missing)
try:
    if done := replay_erasures(app):
        click.echo(done, err=True)
except ErasuresError as error:
    sys.exit(str(error))
