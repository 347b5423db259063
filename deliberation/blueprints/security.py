"""Headers on every answer, the door for those not signed in, and the login session behind the cookie."""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, Response, current_app, g, request, session
from flask_login import UserMixin, current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from deliberation.audit import seen
from deliberation.extensions import csrf, db, login_manager, transaction
from deliberation.kernel.errors import Forbidden, Refused
from deliberation.kernel.words import N_
from deliberation.meetings import door
from deliberation.meetings.door import Door
from deliberation.people import cards, sessions
from deliberation.people.models import Person, Setting

POLICY = "; ".join(
    [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ]
)
ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


class Login(UserMixin):
    """Somebody signed in on one device."""

    def __init__(self, token: str, person: Person) -> None:
        self.token = token
        self.person = person

    def get_id(self) -> str:
        return self.token


def setup(app: Flask) -> None:
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.user_loader(load_login)
    app.after_request(headers)
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]


def close(app: Flask, endpoints: Collection[str]) -> None:
    """Let nobody in at these endpoints without an account."""
    if not endpoints:
        return

    @app.before_request
    def door() -> None:
        if request.endpoint in endpoints and not current_user.is_authenticated:
            raise Forbidden(N_("Please sign in first."))


def load_login(token: str) -> Login | None:
    """Who this is, whatever address or browser the request comes from. Once a day the session is prolonged."""
    found = sessions.signed_in(token)
    if found is None:
        return None
    person, is_due = found
    if is_due and not seen.losses():
        with transaction():
            sessions.renew(token)
        # The cookie is sent anew, so that its own ninety days begin again too.
        session.modified = True
    return Login(token, person)


def card_key() -> bytes:
    """The key under which the codes of printed cards are hashed."""
    return cards.key_from(_secret())


def door_of(meeting_id: int) -> Door:
    """The door of a meeting's room."""
    return Door(door.key_from(_secret()), meeting_id, current_app.config["ROOM_CODE_SECONDS"])


def _secret() -> str:
    """The installation's secret, which all its processes know. Raises `Refused` where there is none."""
    secret: str = current_app.config["SECRET_KEY"]
    known = current_app.config.get("DEMO")
    if known or (known is None and db.session.get(Setting, "clock_offset") is not None):
        secret = cards.DEMONSTRATION
    if not secret:
        raise Refused(N_("SECRET_KEY is not set. Put the key of this installation into the environment and try again."))
    return secret


def headers(response: Response) -> Response:
    for name, value in ALWAYS:
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.blueprint == "tiles" or request.endpoint == "screen.now":
        # The same for everybody, so any cache may keep it.
        return response
    is_signed_in = "_login_user" in g and current_user.is_authenticated or "_user_id" in session
    if request.endpoint != "static" and (is_signed_in or request.blueprint == "auth"):
        response.headers["Cache-Control"] = "no-store"
    return response
