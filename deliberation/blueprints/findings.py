"""The desk's pages for the comments of a round: sorted by hand into findings. And the promises that follow."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints import rating_words as words
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.evaluations import address, of_a_round, round_or_404
from deliberation.blueprints.pages import actor, council_or_404, load_or_404, need
from deliberation.blueprints.rating_desk import bp
from deliberation.blueprints.words import say
from deliberation.councils.models import Council
from deliberation.evaluations import promises, queries, sorting
from deliberation.evaluations.forms import NEW, CommentForm, EndForm, FindingForm, MergeForm, PromiseForm, SettleForm
from deliberation.evaluations.models import Comment, Finding, Promise, Round
from deliberation.evaluations.states import ASIDE_WORDS, aside_words
from deliberation.kernel.forms import BaseForm
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting.states import PollState


def at_the_desk(community: str, round_id: int) -> tuple[Council, Round, Person]:
    council = council_or_404(community)
    person = need(Permission.MEETING_RECORD, council)
    return council, round_or_404(council, round_id), person


def here(round_: Round, community: str) -> str:
    return url_for("evaluations.desk", community=community, round_id=round_.id)


@bp.get("/<int:round_id>/comments")
def desk(community: str, round_id: int) -> str | Response:
    """Every comment, those still to be sorted first; and the findings so far."""
    council, round_, _person = at_the_desk(community, round_id)
    if round_.poll is None or round_.poll.state != PollState.COUNTED:
        return redirect(address(council, round_))
    found = queries.findings(round_)
    known = {one.id: one.words for one, _number in found}
    lines = [
        {
            "id": one.id, "text": one.text.value, "is_settled": one.is_settled,
            "end": known[one.finding_id] if one.finding_id else say(aside_words(one.aside)) if one.aside else "",
        }
        for one in queries.comments(round_)
    ]  # fmt: skip
    return render_template(
        "evaluations/desk.html", council=council, round=round_, group=words.group_words(round_), findings=found,
        waiting=[one for one in lines if not one["is_settled"]], settled=[one for one in lines if one["is_settled"]],
    )  # fmt: skip


@bp.route("/<int:round_id>/comments/typed", methods=["GET", "POST"])
def type_comment(community: str, round_id: int) -> Answer:
    council, round_, person = at_the_desk(community, round_id)
    form = CommentForm()
    return of_a_round(
        council, round_, form, lambda: sorting.type_comment(round_, form.comment.data, actor=person),
        _("Type in a comment from paper"), _("Keep it"), _("Kept."), back=here(round_, community),
    )  # fmt: skip


@bp.route("/<int:round_id>/comments/<int:comment_id>", methods=["GET", "POST"])
def settle(community: str, round_id: int, comment_id: int) -> Answer:
    """One comment: to a finding, to a new one, or set aside. Goes on to the next."""
    council, round_, person = at_the_desk(community, round_id)
    comment = load_or_404(Comment, council, id=comment_id, round_id=round_id)
    known = {str(one.id): one for one, _number in queries.findings(round_)}
    form = SettleForm(data={"end": str(comment.finding_id) if comment.finding_id else comment.aside})
    form.offer(list(known.values()))

    def service() -> None:
        end = form.end.data
        if end in ASIDE_WORDS:
            sorting.settle(comment, aside=end, actor=person)
            return
        finding = sorting.find(round_, form.words.data, actor=person) if end == NEW else known[end]
        sorting.settle(comment, finding=finding, actor=person)

    return of_a_round(
        council, round_, form, service, _("Where does this comment go?"), _("Put it there"), _("Sorted."),
        [_("“%(text)s”", text=comment.text.value or _("(erased)"))], back=here(round_, community),
        done=lambda _done: onwards(round_, comment_id, community),
    )  # fmt: skip


def onwards(round_: Round, before: int, community: str) -> str:
    """The next comment that is still to be sorted; after the last one the desk."""
    left = next((one.id for one in queries.comments(round_) if not one.is_settled and one.id != before), None)
    if left is None:
        return here(round_, community)
    return url_for("evaluations.settle", community=community, round_id=round_.id, comment_id=left)


@bp.route("/<int:round_id>/comments/<int:comment_id>/erase", methods=["GET", "POST"])
def erase(community: str, round_id: int, comment_id: int) -> Answer:
    council, round_, person = at_the_desk(community, round_id)
    comment = load_or_404(Comment, council, id=comment_id, round_id=round_id)
    return of_a_round(
        council, round_, BaseForm(), lambda: sorting.erase(comment, actor=person), _("Delete what a comment says"),
        _("Delete it for good"), _("What it said is deleted for good."),
        [_("“%(text)s”", text=comment.text.value or _("(erased)")), _("Nobody can bring it back. Where it was sorted to stays.")],
        back=here(round_, community),
    )  # fmt: skip


@bp.route("/<int:round_id>/findings/new", methods=["GET", "POST"])
def find(community: str, round_id: int) -> Answer:
    council, round_, person = at_the_desk(community, round_id)
    form = FindingForm()
    return of_a_round(
        council, round_, form, lambda: sorting.find(round_, form.words.data, actor=person), _("Write a finding"),
        _("Keep the finding"), _("Kept. Put the comments to it."), back=here(round_, community),
    )  # fmt: skip


def finding_or_404(council: Council, round_: Round, finding_id: int) -> Finding:
    return load_or_404(Finding, council, id=finding_id, round_id=round_.id)


@bp.route("/<int:round_id>/findings/<int:finding_id>", methods=["GET", "POST"])
def reword(community: str, round_id: int, finding_id: int) -> Answer:
    council, round_, person = at_the_desk(community, round_id)
    finding = finding_or_404(council, round_, finding_id)
    form = FindingForm(data={"words": finding.words})
    return of_a_round(
        council, round_, form, lambda: sorting.reword(finding, form.words.data, actor=person), _("Word the finding anew"),
        _("Keep the words"), _("Kept."), back=here(round_, community),
    )  # fmt: skip


@bp.route("/<int:round_id>/findings/<int:finding_id>/merge", methods=["GET", "POST"])
def merge(community: str, round_id: int, finding_id: int) -> Answer:
    council, round_, person = at_the_desk(community, round_id)
    finding = finding_or_404(council, round_, finding_id)
    others = {str(one.id): one for one, _number in queries.findings(round_) if one.id != finding_id}
    form = MergeForm()
    form.offer(others.values())
    return of_a_round(
        council, round_, form, lambda: sorting.merge(finding, others[form.into.data], actor=person), _("Merge two findings"),
        _("Merge them"), _("Merged."), [finding.words, _("All its comments go to the other one, and its words are gone.")],
        back=here(round_, community),
    )  # fmt: skip


@bp.route("/<int:round_id>/promises/new", methods=["GET", "POST"])
def promise(community: str, round_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.PROMISE_MAKE, council)
    round_ = round_or_404(council, round_id)
    form: Any = PromiseForm()
    found = {f"f{one.id}": one for one, number in queries.findings(round_) if number}
    form.offer(round_, found.values(), words.things(round_, actor()))

    def service() -> Promise:
        about = form.about.data
        return promises.promise(
            round_, text=form.text.data, owner_kind=form.owner_kind.data, owner=form.owner.data, due_on=form.due_on.data,
            finding=found.get(about), position=int(about[1:]) if about.startswith("s") else None, actor=person,
        )  # fmt: skip

    return of_a_round(
        council, round_, form, service, _("Promise an improvement"), _("Promise it"),
        _("Promised. It comes back at the next report meeting."),
        [_("Everybody reads it, with the day on which it is due. It comes back at the next report meeting, kept or not.")],
    )  # fmt: skip


@bp.route("/<int:round_id>/promises/<int:promise_id>/end", methods=["GET", "POST"])
def end_promise(community: str, round_id: int, promise_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.PROMISE_END, council)
    round_ = round_or_404(council, round_id)
    made = load_or_404(Promise, council, id=promise_id, round_id=round_id)
    form = EndForm()
    return of_a_round(
        council, round_, form, lambda: promises.end(made, form.outcome.data, form.done.data, actor=person),
        _("Was it kept?"), _("Note it"), _("Noted."), [made.text],
    )  # fmt: skip
