"""The door for WSGI servers: ``gunicorn wsgi:app``."""

import sys

from deliberation.app import create_app, require_key
from deliberation.config import SettingError
from deliberation.plugins import PluginError

try:
    app = create_app()
except (PluginError, SettingError) as error:
    sys.exit(str(error))
if missing := require_key(app):
    sys.exit(missing)
