"""What the thin routes share: loading by address, the form page, the once key, where to go back to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from deliberation.agenda.models import Matter
from deliberation.agenda.queries import matter_by_no
from deliberation.blueprints.doors import is_resuming
from deliberation.blueprints.errors import note, status_of
from deliberation.councils.authority import why_not
from deliberation.councils.models import Council
from deliberation.extensions import db, transaction
from deliberation.kernel.errors import DomainError, Forbidden, NotFound
from deliberation.kernel.forms import BaseForm
from deliberation.kernel.words import N_
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

T = TypeVar("T")
LARGEST_ID = 2**31 - 1
COUNCIL = select(Council).where(Council.slug == bindparam("slug"))


def actor() -> Person | None:
    """The person signed in, or None."""
    who = current_user._get_current_object()
    return who.person if who.is_authenticated else None


@dataclass(frozen=True)
class Here:
    """What an error page needs of the council, without asking the database again."""

    slug: str
    name: str


def council_or_404(slug: str) -> Council:
    """The council at ``/c/<slug>/``."""
    council = db.session.scalar(COUNCIL, {"slug": slug}) if slug.isascii() and slug.isprintable() else None
    if council is None:
        raise NotFound(N_("There is no such community here."))
    g.zone = council.zone
    g.here = Here(council.slug, council.name)
    return council


def load_or_404(model: type[T], council: Council, **wanted: Any) -> T:
    """One row of this council; the same 404 for what does not exist and for what is another council's."""
    if any(isinstance(value, int) and not 0 <= value <= LARGEST_ID for value in wanted.values()):
        raise NotFound(N_("There is nothing at this address."))
    query = select(model).filter_by(council_id=council.id, **wanted)
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound(N_("There is nothing at this address."))
    return found


def need(permission: Permission, council: Council) -> Person:
    """The person signed in, who may do this here; raises `Forbidden` with the rule's own words for everybody else."""
    person = actor()
    reason = why_not(person, permission, council)
    if reason is not None or person is None:
        raise Forbidden(reason or N_("Please sign in first."))
    return person


def matter_or_404(council: Council, no: str) -> Matter:
    """The matter ``2026-3`` of this council, with its plan's versions."""
    found = matter_by_no(council, no)
    if found is None:
        raise NotFound(N_("There is nothing at this address."))
    return found


def act(service: Callable[[], Any], done: str | Callable[[Any], str], said: str = "", once: str | None = None) -> Response:
    """Run one service in one transaction and go on to ``done``; a form handed in twice acts once, at the same time too."""
    person = actor()
    key = once if once is not None else request.form.get("once", "")
    person_id = person.id if person else None
    known = people.handed_in(key, person_id)
    if known is not None:
        return redirect(known)
    try:
        with transaction():
            result = service()
            location = done(result) if callable(done) else done
            if key:
                people.note_handed_in(key, person_id, location)
    except (DomainError, IntegrityError):
        known = people.handed_in(key, person_id)
        if known is None:
            raise
        return redirect(known)
    if said:
        flash(said, "done")
    return redirect(location)


def form_page(
    form: BaseForm,
    service: Callable[[], Any],
    done: str | Callable[[Any], str],
    *,
    title: str,
    submit_label: str,
    said: str = "",
    template: str = "form.html",
    **context: Any,
) -> Response | tuple[str, int]:
    """Show a form, or hand it in. What is wrong is said at its field, the contents stay, nothing is written."""
    status = 200
    if is_resuming():
        flash(_("Filled as before. Please look it over and hand it in."), "info")
    elif request.method == "POST":
        if form.validate():
            try:
                return act(service, done, said, form.once.data)
            except DomainError as error:
                db.session.rollback()
                status = status_of(error)
                if isinstance(error, NotFound) or (isinstance(error, Forbidden) and actor() is None):
                    raise
                if isinstance(error, Forbidden):
                    note("forbidden")
                say_at(form, error)
        else:
            status = 422
    return render_template(template, form=form, title=title, submit_label=submit_label, **context), status


def say_at(form: BaseForm, error: DomainError) -> None:
    """Put a refusal at the field it belongs to, or above the form."""
    message = error.words.render(_)
    field = form._fields.get(error.field or "")
    if field is not None:
        field.errors = [*field.errors, message]
    else:
        form.form_errors.append(message)
