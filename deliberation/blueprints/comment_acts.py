"""The forum's acts on one comment: answering, covering, hiding, withdrawing, erasing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints.pages import actor, council_or_404, form_page, load_or_404
from deliberation.blueprints.words import say
from deliberation.councils.authority import why_not
from deliberation.councils.models import Council
from deliberation.kernel.errors import Forbidden, NotFound
from deliberation.kernel.forms import BaseForm
from deliberation.kernel.words import N_
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.review import queries, services
from deliberation.review.forms import HideForm, MaskForm, ReplyForm
from deliberation.review.listing import page_of
from deliberation.review.models import Comment
from deliberation.review.stances import CommentState, stance_words

bp = Blueprint("forum", __name__, url_prefix="/c/<community>")
Page = str | Response | tuple[str, int]


def require(permission: Permission, council: Council) -> Person:
    """The reader, where this page is open to them; the service asks again."""
    person = actor()
    reason = why_not(person, permission, council)
    if reason is not None or person is None:
        raise Forbidden(reason or N_("Please sign in first."))
    return person


def comment_url(council: Council, no: str, comment: Comment) -> str:
    """Where a comment stands on its matter's page at the forum; the first page needs no number."""
    page = page_of(comment.number)
    return url_for("forum.show", community=council.slug, no=no, page=page if page > 1 else None, _anchor=comment.label)


def comment_page(
    community: str, comment_id: int, form: BaseForm, service: Any, *, heading: str, submit_label: str, said: str, **context: Any
) -> Page:
    """The page of one act on one comment, with the comment read back above the form."""
    council = council_or_404(community)
    found = load_or_404(Comment, council, id=comment_id)
    back = comment_url(council, found.window.matter.no, found)
    return form_page(
        form,
        lambda: service(found),
        back,
        title=f"{heading} · {found.label}",
        submit_label=submit_label,
        said=said,
        template="forum/act.html",
        council=council,
        comment=found,
        shown=queries.public_text(found),
        author=say(queries.author_words(found, None)),
        stance=say(stance_words(found.stance)),
        back_url=back,
        **context,
    )


@bp.route("/forum/comments/<int:comment_id>/reply", methods=["GET", "POST"])
def reply(community: str, comment_id: int) -> Page:
    council = council_or_404(community)
    person = require(Permission.COMMENT_ANSWER, council)
    known = load_or_404(Comment, council, id=comment_id).reply
    form = ReplyForm()
    if request.method == "GET" and known is not None:
        form.disposition.data, form.text.data = known.disposition, known.text
    verb = services.reply if known is None else services.correct_reply
    return comment_page(
        community,
        comment_id,
        form,
        lambda found: verb(found, form.disposition.data, form.text.data, actor=person),
        heading=_("Answer a comment") if known is None else _("Correct an answer"),
        submit_label=_("Publish the answer"),
        said=_("The answer is published."),
    )


@bp.route("/forum/comments/<int:comment_id>/mask", methods=["GET", "POST"])
def mask(community: str, comment_id: int) -> Page:
    council = council_or_404(community)
    person = require(Permission.COMMENT_MODERATE, council)
    found = load_or_404(Comment, council, id=comment_id)
    form = MaskForm()
    if request.method == "GET":
        form.text.data = queries.public_text(found)
    return comment_page(
        community,
        comment_id,
        form,
        lambda found: services.mask(found, form.text.data, form.rule.data, form.reason.data, actor=person),
        heading=_("Cover a place in a comment"),
        submit_label=_("Cover it"),
        said=_("The place is covered; the reason stands beside the comment."),
    )


@bp.route("/forum/comments/<int:comment_id>/hide", methods=["GET", "POST"])
def hide(community: str, comment_id: int) -> Page:
    person = require(Permission.COMMENT_MODERATE, council_or_404(community))
    form = HideForm()
    return comment_page(
        community,
        comment_id,
        form,
        lambda found: services.hide(found, form.rule.data, form.reason.data, actor=person),
        heading=_("Hide a comment"),
        submit_label=_("Hide the comment"),
        said=_("The comment is hidden; a line with the reason stays in its place."),
        intro=[_("A line with the rule and your reason stays in its place, and counts as the answer.")],
    )


@bp.get("/forum/comments/<int:comment_id>/original")
def original(community: str, comment_id: int) -> Page:
    council = council_or_404(community)
    require(Permission.COMMENT_READ_ORIGINAL, council)
    found = load_or_404(Comment, council, id=comment_id)
    if found.state == CommentState.WITHDRAWN:
        raise NotFound(N_("There is nothing at this address."))
    return render_template("forum/original.html", council=council, comment=found)


def own(community: str, comment_id: int) -> Person:
    """Let only the author in, or the desk for a comment on paper."""
    council = council_or_404(community)
    found = load_or_404(Comment, council, id=comment_id)
    person = actor()
    if person is None or not services.is_author_or_desk(found, person):
        raise Forbidden(N_("Only the author can do this."))
    return person


@bp.route("/forum/comments/<int:comment_id>/withdraw", methods=["GET", "POST"])
def withdraw(community: str, comment_id: int) -> Page:
    person = own(community, comment_id)
    return comment_page(
        community,
        comment_id,
        BaseForm(),
        lambda found: services.withdraw(found, actor=person),
        heading=_("Withdraw a comment"),
        submit_label=_("Withdraw the comment"),
        said=_("The comment is withdrawn; a line stays in its place."),
        intro=[
            _("It no longer counts and nobody reads it here. A line saying that it was withdrawn stays."),
            _("This cannot be undone."),
        ],
    )


@bp.route("/forum/comments/<int:comment_id>/erase", methods=["GET", "POST"])
def erase(community: str, comment_id: int) -> Page:
    person = own(community, comment_id)
    return comment_page(
        community,
        comment_id,
        BaseForm(),
        lambda found: services.erase(found, actor=person),
        heading=_("Erase the words of a comment"),
        submit_label=_("Erase the words"),
        said=_("The words are erased, and nothing here leads from the comment to you any more."),
        intro=[
            _("Your words and the tie to you are deleted for good. The number, the stance and the answer stay, with “erased”."),
            _("This cannot be undone."),
        ],
    )
