"""The door for WSGI servers: ``gunicorn wsgi:app``."""

from deliberation.app import create_app

app = create_app()
