"""The door for WSGI servers: ``gunicorn wsgi:app``."""

import sys

from deliberation.app import create_app, require_key

app = create_app()
if missing := require_key(app):
    sys.exit(missing)
