"""The doors: the sign-in page, and what somebody typed before they found themselves outside.

A form that meets an ended sign-in is not lost. Its fields go along as hidden inputs of the sign-in page, never to the
database and never with a passphrase; after signing in the same form stands there again, filled, and is handed in by
its owner's own press. Nothing of this needs a script.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g, render_template, request, session, url_for
from werkzeug.exceptions import HTTPException

from deliberation.people.forms import CardForm, LoginForm

KEPT = "kept."
"""Before the name of a field that only goes along."""
MARK = "resume"
"""In a posted form: show it filled, do not hand it in."""
MOST_KEPT = 50_000
"""Characters: as many as fit into one request in Chinese. Longer texts stay behind the browser's arrow."""
MOST_FIELDS = 400

Pairs = list[tuple[str, str]]


def own(path: str) -> str | None:
    """The path, if it is one of ours."""
    unsafe = not path.startswith("/") or path.startswith(("//", "/\\")) or any(c in path for c in "\r\n\t\\")
    return None if unsafe else path


def own_path() -> str:
    """Where the form says to return to, if that is a path of ours; else the start page."""
    return own(request.form.get("next", "")) or url_for("site.index")


def is_resuming() -> bool:
    """Whether a form comes back after signing in: it is shown as it was, and not handed in."""
    return request.method == "POST" and request.form.get(MARK) == "1"


def is_secret(name: str) -> bool:
    """Fields that never go along: keys of the page before, passphrases, and a confirmation that is to be given anew."""
    return name in ("csrf_token", "once", "current", "confirmed", MARK) or "pass" in name


def typed() -> Pairs | None:
    """The fields of the form that was handed in, fit to go along; None where they are too many or too long."""
    if request.blueprint == "secret_polls":
        # A secret vote, or a sheet of its key, goes nowhere but where it was sent to.
        return []
    pairs = [(name, value) for name, value in request.form.items(multi=True) if not is_secret(name)]
    if len(pairs) > MOST_FIELDS or sum(len(name) + len(value) for name, value in pairs) > MOST_KEPT:
        return None
    return pairs


def carried() -> Pairs:
    """What goes along with the sign-in form."""
    pairs = request.form.items(multi=True)
    return [(name[len(KEPT) :], value) for name, value in pairs if name.startswith(KEPT) and not is_secret(name[len(KEPT) :])]


def has_form(path: str) -> bool:
    """Whether the page at this path of ours both shows a form and takes it."""
    adapter = current_app.url_map.bind("")
    bare = urlsplit(path).path
    try:
        return adapter.match(bare, method="GET") == adapter.match(bare, method="POST")
    except HTTPException:
        return False


def sign_in_page(status: int, *, form: Any = None, card: Any = None, kept: Pairs | None = None, **said: Any) -> tuple[str, int]:
    """Both ways in, side by side. ``kept`` goes along."""
    form = form or LoginForm(formdata=None, next=said.pop("next", ""))
    card = card or CardForm(formdata=None, next=form.next.data)
    shown = render_template("auth/login.html", form=form, card=card, kept=carried() if kept is None else kept, **said)
    return shown, status


def outside(status: int) -> tuple[str, int]:
    """The answer to a form of somebody who is not signed in (any more): nothing was written, nothing is lost."""
    path = request.full_path.rstrip("?")
    form_there = has_form(path)
    pairs = typed() if form_there else []
    return sign_in_page(
        status,
        kept=pairs or [],
        next=path if form_there else page_before(),
        refused="ended" if "_user_id" in session else "visitor",
        is_lost=pairs is None,
        council=g.get("here"),
    )


def page_before() -> str:
    """The path of the page whose button was pressed, if it is ours."""
    referrer = request.referrer or ""
    return own(referrer[len(request.host_url) - 1 :]) or "/" if referrer.startswith(request.host_url) else "/"


def comes_from_us() -> bool:
    """Whether the browser says that the form stood on a page of ours."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == request.host_url.rstrip("/")
    return (request.referrer or "").startswith(request.host_url)


def resume_page(path: str, pairs: Pairs, *, is_other: bool, status: int = 200, **said: Any) -> tuple[str, int]:
    """Back to the form as it was, by one press (or none, where scripts run).

    ``is_other``: the text was written while somebody else was signed in. Whoever is now is told so first, and chooses.
    """
    shown = render_template("auth/resume.html", path=path, pairs=pairs, is_other=is_other, mark=MARK, **said)
    return shown, status
