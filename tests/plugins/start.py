"""Starts the platform once for each folder named, each with only that folder's plugins, and prints what each start said.

The starts are children of one process, so that the platform is imported once.
"""

import importlib
import os
import sys

from flask import Flask

from deliberation.app import create_app
from deliberation.plugins import PluginError
from deliberation.plugins.migrations import upgrade


def start(folder: str) -> str:
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    try:
        app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/x.db", "SECRET_KEY": "test", "DURABLE": False})
        for late in app.extensions.get("late", ()):
            late()
    except PluginError as error:
        return str(error)
    except ValueError as error:
        return f"late: {error}"
    return "started" if "hello.show" not in app.view_functions else f"started, and a visitor gets {visit(app)}"


def visit(app: Flask) -> int:
    """What somebody without an account gets at the address of the documented plugin."""
    with app.app_context():
        upgrade()
    return app.test_client().get("/hello/").status_code


for path in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        sys.stdout.write(start(path) + "\n")
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
