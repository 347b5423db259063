"""The start page, language and print size."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from deliberation.blueprints.words import LANGUAGES
from deliberation.councils.models import Council
from deliberation.extensions import db

bp = Blueprint("site", __name__)


@bp.get("/")
def index() -> str | Response:
    councils = db.session.execute(select(Council.slug, Council.name).order_by(Council.name)).all()
    if len(councils) == 1:
        return redirect(url_for("site.home", community=councils[0].slug))
    return render_template("site/index.html", councils=councils)


@bp.post("/language")
def language() -> Response:
    code = request.form.get("code", "")
    if code in LANGUAGES:
        session["language"] = code
    return redirect(own_path())


@bp.post("/large")
def large() -> Response:
    session["large"] = request.form.get("large") == "1"
    session.permanent = True
    return redirect(own_path())


def own_path() -> str:
    """Where the form says to return to, if that is a path of ours; else the start page."""
    path = request.form.get("next", "")
    unsafe = not path.startswith("/") or path.startswith(("//", "/\\")) or any(c in path for c in "\r\n\t\\")
    return url_for("site.index") if unsafe else path


@bp.get("/about")
def about() -> str:
    return render_template("site/about.html")


@bp.get("/healthz")
def healthz() -> tuple[str, int, dict[str, str]]:
    return "ok\n", 200, {"Content-Type": "text/plain"}
