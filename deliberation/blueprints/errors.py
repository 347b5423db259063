"""The only place that knows status numbers."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from deliberation.audit import seen
from deliberation.blueprints import doors
from deliberation.extensions import db, transaction
from deliberation.kernel.errors import DomainError, Forbidden, Invalid, NotFound, ReadOnly, Refused
from deliberation.people import services as people

STATUS = {ReadOnly: 503, Forbidden: 403, NotFound: 404, Invalid: 422, Refused: 409}


def status_of(error: DomainError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 409)


def setup(app: Flask) -> None:
    app.register_error_handler(DomainError, refused)
    app.register_error_handler(CSRFError, bad_token)
    app.register_error_handler(IntegrityError, done_already)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, broken)


def page(status: int, title: str, message: str) -> tuple[str, int]:
    links = [{"url": url_for("site.index"), "text": _("To the start page")}]
    asks = status == 403 and not current_user.is_authenticated
    if asks:
        title, there = _("Please sign in"), request.full_path.rstrip("?") if request.method == "GET" else request.path
        links.insert(0, {"url": url_for("auth.join", next=there), "text": _("Open a light account")})
        links.insert(0, {"url": url_for("auth.login", next=there), "text": _("Sign in")})
    if status < 500 and (back := back_link()):
        links.insert(0, {"url": back, "text": _("Back to where you were")})
    here = g.get("here") if status < 500 else None
    shown = {"status": status, "title": title, "message": message, "what_next": links, "asks": asks}
    return render_template("error.html", council=here, **shown), status


def back_link() -> str | None:
    """The page before, if it is one of ours."""
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) and referrer != request.url else None


def note(kind: str) -> None:
    """One line in the short-lived security log."""
    db.session.rollback()
    if seen.losses():
        return
    person = current_user.person if current_user.is_authenticated else None
    with transaction():
        people.note_refusal(kind, person.id if person else None, request.path)


def refused(error: DomainError) -> tuple[str, int]:
    status = status_of(error)
    db.session.rollback()
    if status == 403:
        note("forbidden")
        if request.method == "POST" and not current_user.is_authenticated:
            return doors.outside(status)
    titles = {403: _("This is not open to you"), 404: _("There is no such page"), 422: _("Please check what you entered"),
              503: _("Only reading is possible now")}  # fmt: skip
    return page(status, titles.get(status, _("This cannot be done now")), error.words.render(_))


def bad_token(error: CSRFError) -> tuple[str, int]:
    """A page that was opened before signing in or out elsewhere has an old token: what was typed there is not lost."""
    path, pairs = request.full_path.rstrip("?"), doors.typed()
    if pairs and doors.comes_from_us() and request.blueprint != "auth" and doors.has_form(path):
        # Who signed in meanwhile may be another person, so the page says who it is and waits for a press.
        name = current_user.person.name if current_user.is_authenticated else None
        return doors.resume_page(path, pairs, is_other=False, is_old=True, name=name, status=400)
    message = _("The page was open for too long or came from elsewhere. Please go back, reload it and try again.")
    return page(400, _("Please try again"), message)


def done_already(error: IntegrityError) -> tuple[str, int]:
    db.session.rollback()
    current_app.logger.warning("refused by the database: %s", type(error.orig).__name__)
    return page(409, _("This cannot be done now"), _("This was recorded already. Reload the page to see it."))


def http(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    if status == 404:
        return page(404, _("There is no such page"), _("The address may be mistyped, or the page is not open to you."))
    if status == 405:
        shown, code = page(405, _("This cannot be done now"), _("This address takes no such request."))
        return shown, code, {"Allow": ", ".join(sorted(error.valid_methods or ()))}  # type: ignore[attr-defined]
    if status == 413:
        return page(413, _("Too long"), _("What you sent is too long. Please shorten it."))
    return page(status, _("This did not work"), _("The request could not be understood. Please go back and try again."))


def broken(error: Exception) -> tuple[str, int]:
    """An error of ours: logged with its trace, shown without it."""
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    current_app.logger.exception("unhandled error on %s", request.path)
    db.session.rollback()
    return page(500, _("Something went wrong on our side"), _("Nothing was recorded. Please try again in a moment."))
