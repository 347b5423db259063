"""Signing in by passphrase or printed card, signing out, and a resident's light account."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from deliberation.audit import seen
from deliberation.blueprints import doors
from deliberation.blueprints.errors import status_of
from deliberation.blueprints.pages import say_at
from deliberation.blueprints.security import Login, card_key, load_login
from deliberation.councils.queries import offices_of
from deliberation.extensions import db, transaction
from deliberation.kernel.errors import DomainError
from deliberation.people import cards, services, sessions, throttle
from deliberation.people.forms import CardForm, CardUseForm, JoinForm, LoginForm
from deliberation.people.models import Card
from deliberation.people.services import WrongLogin
from deliberation.people.sessions import device_of

bp = Blueprint("auth", __name__)

Answer = Response | tuple[str, int]


@bp.route("/login", methods=["GET", "POST"])
def login() -> Answer:
    if request.method == "GET":
        asked = doors.own(request.args.get("next", "")[:300]) or ""
        if current_user.is_authenticated:
            return redirect(asked or url_for("site.index"))
        return doors.sign_in_page(200, next=asked)
    form = LoginForm()
    status = 422
    if form.validate():
        name, password = form.login.data, form.password.data
        try:
            return enter(lambda **here: services.sign_in(name, password, **here), shared=form.shared.data)
        except DomainError as error:
            status = status_of(error)
            say_at(form, error)
    return doors.sign_in_page(status, form=form)


def enter(check: Callable[..., str], *, shared: bool) -> Answer:
    """Sign in on this device with a new session, which ``check`` makes; the old one ends."""
    wrong = None
    before = session.get("_user_id", "")
    with transaction():
        try:
            token = check(address=place(), shared=shared, device=device_of(request.user_agent.string))
            sessions.sign_out(before)
        except WrongLogin as error:
            wrong = error
    if wrong is not None:
        raise wrong
    was = sessions.account_behind(before)
    start_anew(shared=shared)
    found = load_login(token)
    assert found is not None
    login_user(found)
    # Members and desks start in large print, until they say otherwise.
    session["office"] = bool(offices_of(found.person))
    return go_on(is_other=was is not None and was != sessions.account_behind(token), who=found)


def place() -> str:
    return request.remote_addr or ""


def go_on(*, is_other: bool, who: Login) -> Answer:
    """To where one wanted to go; a form that was typed before signing in comes back filled."""
    path, kept = doors.own_path(), doors.carried()
    if kept and doors.has_form(path):
        return doors.resume_page(path, kept, is_other=is_other, name=who.person.name)
    return redirect(path)


def start_anew(*, shared: bool = False) -> None:
    """Keep of the browser's session only how it likes to read, and the code of a room that it just scanned: what one
    person opened is not the next one's.

    On a shared device the cookie ends when the browser is closed.
    """
    kept = {key: session[key] for key in ("language", "large", "scanned") if key in session}
    session.clear()
    # The token against forgery that this request has made belongs to the old session.
    g.pop("csrf_token", None)
    session.update(kept)
    session.permanent = not shared
    if shared:
        session["shared"] = True


@bp.post("/logout")
def logout() -> Response:
    if not seen.losses():
        with transaction():
            sessions.sign_out(session.get("_user_id", ""))
    logout_user()
    start_anew()
    return redirect(url_for("site.index"))


@bp.route("/card", methods=["GET", "POST"])
def card() -> Answer:
    """The first step by hand: type the eight digits."""
    form = CardForm()
    if request.method == "GET":
        form.next.data = doors.own(request.args.get("next", "")[:300]) or ""
        return type_digits(form, 200)
    return whose(form) if form.validate() else type_digits(form, 422)


@bp.get("/card/<code>")
def card_scanned(code: str) -> Answer:
    """The first step by camera. Nothing is spent: previews and second scans are harmless."""
    form = CardForm(formdata=None, code=cards.digits_in(code))
    mine = services.account_of(current_user.person) if current_user.is_authenticated else None
    if mine is not None and cards.used_by(code, mine, key=card_key()):
        return redirect(url_for("me.show"))
    return whose(form)


def type_digits(form: CardForm, status: int) -> tuple[str, int]:
    return render_template("auth/card.html", form=form, kept=doors.carried()), status


def whose(form: CardForm) -> Answer:
    """The second step: is that you, and whose device is this?"""
    try:
        found = look_up(form.code.data or "")
    except DomainError as error:
        say_at(form, error)
        return type_digits(form, status_of(error))
    use = CardUseForm(formdata=None, code=cards.digits_in(form.code.data or ""), next=form.next.data)
    return ask_whose(use, found, 200)


def ask_whose(form: CardUseForm, found: Card, status: int) -> tuple[str, int]:
    held = [office for office in offices_of(found.account.person) if office.ends_on is None]
    who = found.account.person.name or found.account.login
    return render_template("auth/whose.html", form=form, who=who, held=held, kept=doors.carried()), status


def look_up(code: str) -> Card:
    """The card with these digits; wrong ones are counted."""
    wrong = None
    with transaction():
        try:
            found = cards.look_up(code, key=card_key(), address=place())
        except WrongLogin as error:
            wrong = error
    if wrong is not None:
        raise wrong
    return found


@bp.post("/card/use")
def card_use() -> Answer:
    """The third step: in."""
    form = CardUseForm()
    digits = CardForm(formdata=None, code=cards.digits_in(form.code.data or ""), next=form.next.data)
    try:
        if not form.validate():
            return ask_whose(form, look_up(form.code.data or ""), 422)
        code, shared = form.code.data or "", form.device.data == "shared"
        answer = enter(lambda **here: cards.use(code, key=card_key(), **here), shared=shared)
    except DomainError as error:
        db.session.rollback()
        say_at(digits, error)
        return type_digits(digits, status_of(error))
    if not shared:
        flash(_("You are signed in, and stay so on this device."), "done")
        return answer
    flash(_("You are signed in until the browser is closed, two hours at most. The card opens nothing any more."), "done")
    # The card is spent: without a passphrase this would have been the only time. A text that was typed goes first.
    return redirect(url_for("me.passphrase", next=answer.location)) if isinstance(answer, Response) else answer


@bp.route("/join", methods=["GET", "POST"])
def join() -> Answer:
    form = JoinForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")[:200]
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with transaction():
                    throttle.count_joining(place())
                with transaction():
                    name, code = form.name.data, form.code.data or ""
                    services.open_account(name, form.password.data, name=name, kind="light", code=code)
                password = form.password.data
                answer = enter(lambda **here: services.sign_in(name, password, **here), shared=False)
                if isinstance(answer, Response):
                    said = _("Your account is open. The next time, sign in as “%(name)s” with your passphrase.", name=name)
                    flash(said, "done")
                return answer
            except DomainError as error:
                db.session.rollback()
                status = status_of(error)
                say_at(form, error)
    shown = render_template(
        "auth/join.html", form=form, title=_("Join in"), submit_label=_("Open the account"), kept=doors.carried()
    )
    return shown, status
