"""My page: offices, what I said and voted, passphrase, devices."""

from __future__ import annotations

import re

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from deliberation.agenda.states import state_words
from deliberation.blueprints import doors, overview
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.pages import LARGEST_ID, Here, act, actor, form_page
from deliberation.blueprints.waiting import waiting
from deliberation.blueprints.words import say
from deliberation.councils.models import Council
from deliberation.councils.queries import Held, offices_of
from deliberation.extensions import db
from deliberation.kernel.errors import Forbidden, NotFound
from deliberation.kernel.words import N_
from deliberation.people import cards, services, sessions
from deliberation.people.forms import FirstPasswordForm, PasswordForm
from deliberation.people.models import Account, LoginSession
from deliberation.people.permissions import GRANTS, Office, Permission
from deliberation.voting.queries import awaiting

bp = Blueprint("me", __name__, url_prefix="/me")


def own_account() -> Account:
    """The account of the person signed in; raises `Forbidden` for a visitor."""
    person = actor()
    found = services.account_of(person) if person is not None else None
    if found is None:
        raise Forbidden(N_("Please sign in first."))
    return found


def session_here() -> LoginSession:
    """The login session of this device; raises `Forbidden` for a visitor."""
    found = sessions.session_for(session.get("_user_id", ""))
    if found is None:
        raise Forbidden(N_("Please sign in first."))
    return found


@bp.get("/")
def show() -> str:
    account = own_account()
    person = account.person
    here = session_here()
    held, votes = offices_of(person), awaiting(person)
    return render_template(
        "me/show.html",
        council=own_council(held),
        account=account,
        person=person,
        offices=held,
        watches=_may(Permission.CADENCE_WATCH, held),
        moves=_may(Permission.MOTION_PROPOSE, held),
        awaiting=votes,
        vote_titles=overview.titles_of(one.poll_id for one in votes),
        waiting=waiting(person),
        comments=overview.my_comments(person),
        appeals=overview.my_appeals(person),
        motions=overview.my_motions(person),
        votes=overview.my_votes(person),
        devices=overview.my_devices(account),
        here=here.id,
        chooses=not account.password_hash or sessions.came_by_card(here),
        card=cards.living(account),
        words=thing_words(),
    )


def _may(permission: Permission, held: list[Held]) -> bool:
    return any(one.is_current and permission in GRANTS[Office(one.office)] for one in held)


def own_council(held: list[Held]) -> Here | None:
    """Whose menu stands above one's own page: of the only council in which one has or had an office, else of the one
    from whose pages one comes, else of the only one there is."""
    mine = {one.slug: Here(one.slug, one.council) for one in held}
    if len(mine) == 1:
        return next(iter(mine.values()))
    came = re.match(re.escape(request.host_url) + r"c/([a-z0-9-]+)/", request.referrer or "")
    query = select(Council.slug, Council.name).limit(2)
    rows = db.session.execute(query.where(Council.slug == came[1]) if came else query).all()
    return Here(*rows[0]) if len(rows) == 1 else None


def thing_words() -> dict[str, str]:
    """The words for what became of a comment, an appeal or a motion, and for a vote."""
    return {
        "for": _("For"), "against": _("Against"), "abstain": _("Abstaining"),
        "visible": _("published"), "hidden": _("hidden under the forum's rules"), "withdrawn": say(state_words("withdrawn")),
        "received": _("received"), "in_hand": _("in hand"), "answered": _("answered"), "declined": say(state_words("declined")),
        "referred": say(state_words("referred")), "proposed": _("needs a second"), "seconded": _("seconded"),
        "voting": _("being voted on"), "carried": _("Carried"), "lost": _("Not carried"), "undecided": _("No decision"),
        "moot": _("no longer needed"),
    }  # fmt: skip


@bp.route("/passphrase", methods=["GET", "POST"])
def passphrase() -> Answer:
    account, here = own_account(), session_here()
    asks_for_old = account.password_hash and not sessions.came_by_card(here)
    return change_passphrase(account) if asks_for_old else choose_passphrase(account, here)


def change_passphrase(account: Account) -> Answer:
    form = PasswordForm()
    answer = form_page(
        form,
        lambda: services.change_password(account, form.current.data, form.password.data),
        url_for("auth.login", next=url_for("me.show")),
        title=_("Change the passphrase"),
        submit_label=_("Change the passphrase"),
        said=_("The passphrase is changed. Please sign in again with the new one."),
        intro=[_("Afterwards you are signed out everywhere and sign in again with the new passphrase.")],
        back_url=url_for("me.show"),
    )
    if isinstance(answer, Response):
        logout_user()
    return answer


def choose_passphrase(account: Account, here: LoginSession) -> Answer:
    """For whoever came by a card: nothing old is asked for, and this device stays signed in. On a shared device the
    way in leads through this page (``next``), where "later" goes on without a passphrase."""
    form = FirstPasswordForm()
    on_the_way = doors.own(request.args.get("next", "")[:300])
    return form_page(
        form,
        lambda: services.choose_password(account, form.password.data, here=here),
        on_the_way or url_for("me.show"),
        title=_("Set a passphrase now") if on_the_way else _("Choose a passphrase"),
        submit_label=_("Keep this passphrase"),
        said=_("From now on you can also sign in with your name and this passphrase."),
        template="me/passphrase.html",
        login=account.login,
        on_the_way=on_the_way,
        back_url=on_the_way or url_for("me.show"),
        back_text=_("Later") if on_the_way else None,
    )


@bp.post("/devices/<int:session_id>/end")
def end_device(session_id: int) -> Response:
    account = own_account()
    if session_id > LARGEST_ID:
        raise NotFound(N_("There is nothing at this address."))
    if session_here().id == session_id:
        act(lambda: sessions.end_session(account, session_id), url_for("site.index"))
        logout_user()
        return redirect(url_for("site.index"))
    return act(lambda: sessions.end_session(account, session_id), url_for("me.show"), _("That device is signed out."))


@bp.post("/devices/end-others")
def end_others() -> Response:
    account, here = own_account(), session_here()
    said = _("You are signed out everywhere else.")
    return act(lambda: sessions.end_sessions(account, but=here), url_for("me.show"), said)


@bp.post("/card/revoke")
def revoke_card() -> Response:
    account = own_account()
    return act(
        lambda: cards.revoke(account, capacity=services.installation(account.person, Office.RESIDENT)),
        url_for("me.show"),
        _("The card opens nothing any more."),
    )
