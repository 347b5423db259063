"""Signing in and out, and a resident's light account."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from deliberation.blueprints.errors import status_of
from deliberation.blueprints.pages import say_at
from deliberation.blueprints.security import load_login
from deliberation.blueprints.site import own_path
from deliberation.extensions import db, transaction
from deliberation.kernel.errors import DomainError
from deliberation.people import services, throttle
from deliberation.people.forms import JoinForm, LoginForm
from deliberation.people.services import WrongLogin

bp = Blueprint("auth", __name__)


@bp.route("/login", methods=["GET", "POST"])
def login() -> Response | tuple[str, int]:
    form = LoginForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")[:200]
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                return enter(form.login.data, form.password.data)
            except DomainError as error:
                status = status_of(error)
                say_at(form, error)
    return render_template("auth/login.html", form=form, title=_("Sign in"), submit_label=_("Sign in")), status


def enter(name: str, password: str) -> Response:
    """Sign in on this device with a new session; the old one ends."""
    wrong = None
    with transaction():
        try:
            token = services.sign_in(name, password, address=request.remote_addr or "")
            services.sign_out(session.get("_user_id", ""))
        except WrongLogin as error:
            wrong = error
    if wrong is not None:
        raise wrong
    start_anew()
    login_user(load_login(token))
    return redirect(own_path())


def start_anew() -> None:
    """Keep of the browser's session only how it likes to read: what one person opened is not the next one's."""
    kept = {key: session[key] for key in ("language", "large") if key in session}
    session.clear()
    session.update(kept)
    session.permanent = True


@bp.post("/logout")
def logout() -> Response:
    with transaction():
        services.sign_out(session.get("_user_id", ""))
    logout_user()
    start_anew()
    return redirect(url_for("site.index"))


@bp.route("/join", methods=["GET", "POST"])
def join() -> Response | tuple[str, int]:
    form = JoinForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")[:200]
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with transaction():
                    throttle.count_joining(request.remote_addr or "")
                with transaction():
                    name, code = form.name.data, form.code.data or ""
                    services.open_account(name, form.password.data, name=name, kind="light", code=code)
                return enter(form.name.data, form.password.data)
            except DomainError as error:
                db.session.rollback()
                status = status_of(error)
                say_at(form, error)
    return render_template("auth/join.html", form=form, title=_("Join in"), submit_label=_("Open the account")), status
