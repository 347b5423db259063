"""Headers on every answer, the door for those not signed in, and the login session behind the cookie."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request, session
from flask_login import UserMixin, current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from deliberation.extensions import csrf, login_manager
from deliberation.people import services as people
from deliberation.people.models import Person

POLICY = "; ".join(
    [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ]
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


def load_login(token: str) -> Login | None:
    found = people.session_for(token)
    return Login(token, found.account.person) if found else None


def headers(response: Response) -> Response:
    from_us: dict[str, Any] = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if request.is_secure:
        from_us["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static" and ("_login_user" in g and current_user.is_authenticated or "_user_id" in session):
        from_us["Cache-Control"] = "no-store"
    response.headers.update(from_us)
    return response
