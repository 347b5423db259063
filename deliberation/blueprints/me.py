"""My page: offices, what I said and voted, passphrase, devices."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import logout_user
from werkzeug.wrappers import Response

from deliberation.agenda.states import state_words
from deliberation.blueprints import overview
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.pages import LARGEST_ID, act, actor, form_page
from deliberation.blueprints.words import say
from deliberation.councils.queries import offices_of
from deliberation.kernel.errors import Forbidden, NotFound
from deliberation.kernel.words import N_
from deliberation.people import services
from deliberation.people.forms import PasswordForm
from deliberation.people.models import Account
from deliberation.voting.queries import awaiting

bp = Blueprint("me", __name__, url_prefix="/me")


def own_account() -> Account:
    """The account of the person signed in; raises `Forbidden` for a visitor."""
    person = actor()
    found = services.account_of(person) if person is not None else None
    if found is None:
        raise Forbidden(N_("Please sign in first."))
    return found


@bp.get("/")
def show() -> str:
    account = own_account()
    person = account.person
    here = services.session_for(session.get("_user_id", ""))
    return render_template(
        "me/show.html",
        account=account,
        person=person,
        offices=offices_of(person),
        awaiting=awaiting(person),
        comments=overview.my_comments(person),
        appeals=overview.my_appeals(person),
        motions=overview.my_motions(person),
        votes=overview.my_votes(person),
        devices=overview.my_devices(account),
        here=here.id if here else None,
        words=thing_words(),
    )


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
    account = own_account()
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


@bp.post("/devices/<int:session_id>/end")
def end_device(session_id: int) -> Response:
    account = own_account()
    if session_id > LARGEST_ID:
        raise NotFound(N_("There is nothing at this address."))
    here = services.session_for(session.get("_user_id", ""))
    if here is not None and here.id == session_id:
        act(lambda: services.end_session(account, session_id), url_for("site.index"))
        logout_user()
        return redirect(url_for("site.index"))
    return act(lambda: services.end_session(account, session_id), url_for("me.show"), _("That device is signed out."))
