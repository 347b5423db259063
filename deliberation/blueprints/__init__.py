"""HTTP only: one thin file per surface."""

from __future__ import annotations

from flask import Flask, g
from flask_login import current_user

from deliberation.blueprints import auth, site

SURFACES = (site, auth)

# Everything that answers without an account. A test walks the routes and finds no other.
PUBLIC = {
    "static",
    "site.index", "site.about", "site.language", "site.large", "site.healthz",
    "auth.login", "auth.join", "auth.logout",
}  # fmt: skip


def setup(app: Flask) -> None:
    for surface in SURFACES:
        app.register_blueprint(surface.bp)
