"""The door for WSGI servers: ``gunicorn wsgi:app``."""

import os
import sys

from deliberation.app import ErasuresError, create_app, replay_erasures, warnings, why_not_served
from deliberation.config import SettingError
from deliberation.plugins import PluginError


def stop(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    # A worker that ends with 3 could not begin: gunicorn stops then, and would start it again and again with any other.
    sys.exit(3 if os.environ.get("SERVER_SOFTWARE", "").startswith("gunicorn") else 2)


try:
    app = create_app()
except (PluginError, SettingError) as error:
    stop(str(error))
if missing := why_not_served(app):
    stop(missing)
for line in warnings(app):
    sys.stderr.write(f"{line}\n")
try:
    if done := replay_erasures(app):
        sys.stderr.write(f"{done}\n")
except ErasuresError as error:
    stop(str(error))
