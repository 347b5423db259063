"""Motions: everything moved on a matter, one motion, and the forms and buttons by which they are made and put."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.agenda.models import Matter
from deliberation.agenda.services import recused_ids
from deliberation.agenda.states import State
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.meetings import signed_in
from deliberation.blueprints.pages import act, actor, council_or_404, form_page, matter_or_404, need
from deliberation.blueprints.verdicts import verdict_card
from deliberation.blueprints.words import say
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.extensions import db
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.meetings import queries as meetings
from deliberation.meetings import votes
from deliberation.motions import changes, order, queries, reconsidering, services, sittings
from deliberation.motions.amend import Op
from deliberation.motions.forms import AmendmentForm, ForMemberForm, MainMotionForm, SecondaryForm, SecondForm
from deliberation.motions.models import Motion
from deliberation.motions.states import DECIDED
from deliberation.motions.texts import composed, siblings, text_of
from deliberation.people.models import Person
from deliberation.people.permissions import Permission
from deliberation.voting.kinds import Mode

bp = Blueprint("motions", __name__, url_prefix="/c/<community>/agenda/<no>/motions")


def address(council: Council, matter: Matter) -> str:
    """Where to go on: the session that considers the matter, else the matter's motions."""
    sitting = meetings.sitting_of(matter)
    if sitting is not None:
        return url_for("meetings.show", community=council.slug, meeting_id=sitting.id)
    return url_for("motions.index", community=council.slug, no=matter.no)


def motion_or_404(matter: Matter, label: str) -> Motion:
    found = queries.motion_by_label(matter, label)
    if found is None:
        raise NotFound(N_("There is nothing at this address."))
    return found


def rights(council: Council, matter: Matter) -> dict[str, object]:
    """What templates ask before they show a button."""
    person = actor()
    may = permissions_of(person, council)
    running = matter.state == State.ADOPTING
    free = person is not None and person.id not in recused_ids(matter.id)
    return {
        "reader_id": person.id if person else None,
        "reads": Permission.MEETING_READ in may,
        "may_propose": running and (Permission.MOTION_RECORD in may or (free and Permission.MOTION_PROPOSE in may)),
        "may_second": running and free and Permission.MOTION_SECOND in may,
        "may_record": running and Permission.MOTION_RECORD in may,
        "may_rule": running and Permission.MOTION_PUT in may,
    }


@bp.get("/")
def index(community: str, no: str) -> str:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    can = rights(council, matter)
    trees = queries.trees_of(matter, council, names=bool(can["reads"]))
    current = matter.current_version
    return render_template(
        "motions/index.html",
        council=council,
        matter=matter,
        trees=trees,
        sitting=meetings.sitting_of(matter),
        base=text_of(current) if current and can["may_propose"] else (),
        open_main=next((one.main for one in trees if one.main.is_pending), None),
        **can,
    )


@bp.get("/<label>")
def show(community: str, no: str, label: str) -> str:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    motion = motion_or_404(matter, label)
    can = rights(council, matter)
    motions = queries.load([matter.id])[matter.id]
    trees = queries.trees_of(matter, council, names=bool(can["reads"]))
    found = next((one, line) for one in trees for line in one.lines if line.id == motion.id)
    tree, line = found
    meeting = meetings.meeting_of_debate(motion.debate_id)
    return render_template(
        "motions/show.html",
        council=council,
        matter=matter,
        line=line,
        below=[one for one in tree.lines if one.parent == line.label],
        rows=changes.change(motion, motions),
        preview=changes.preview(motion, motions) if line.is_pending or line.state == "voting" else [],
        rulings=[one for one in queries.rulings([matter.id], queries.seats(council), names=bool(can["reads"]))
                 if one.motion == line.label],
        may_reconsider=may_reconsider(motion, motions, can),
        pieces=changes.rewording(motion, motions) if motion.kind == order.SECONDARY else [],
        verdict=verdict_card(motion.poll, community) if motion.poll and motion.poll.verdict else None,
        meeting=meeting,
        **can,
    )


def may_reconsider(motion: Motion, motions: list[Motion], can: dict[str, object]) -> bool:
    """Whether this reader is offered to take the decision up again: who voted with the result, or who keeps the record."""
    reader = can["reader_id"]
    if motion.state not in DECIDED or not isinstance(reader, int) or not can["may_propose"]:
        return False
    if can["may_record"]:
        return reconsidering.is_open_to_reconsideration(motion, motions)
    return reconsidering.may_reconsider(motion, motions, reader)


def member_form(form: ForMemberForm, council: Council, person: Person, own: Permission) -> Permission:
    """Let the clerk choose the member; returns the permission that the reader has shown."""
    may = permissions_of(person, council)
    names = [
        (id_, _("%(name)s (%(seat)s)", name=name or _("(erased)"), seat=say(seat)))
        for id_, name, seat in queries.seated_names(council)
        if id_ != person.id
    ]
    form.offer(names, own=own in may, others=Permission.MOTION_RECORD in may)
    return own


def need_either(council: Council, own: Permission) -> Person:
    """A member acting for oneself, or whoever takes it down."""
    may = permissions_of(actor(), council)
    return need(own if own in may else Permission.MOTION_RECORD, council)


def chosen(form: ForMemberForm, person: Person) -> Person:
    return db.session.get_one(Person, form.chosen) if form.chosen else person


@bp.route("/new", methods=["GET", "POST"])
def new_main(community: str, no: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = need_either(council, Permission.MOTION_PROPOSE)
    form = MainMotionForm()
    member_form(form, council, person, Permission.MOTION_PROPOSE)
    version = matter.current_version
    return form_page(
        form,
        lambda: services.propose_main(matter, chosen(form, person), actor=person),
        lambda made: address(council, matter),
        title=_("Move that this plan be adopted"),
        submit_label=_("Make this motion"),
        said=_("The motion is made. It needs another member to second it."),
        template="motions/form.html",
        council=council,
        matter=matter,
        paragraphs=version.paragraphs if version else [],
        back_url=url_for("motions.index", community=community, no=no),
    )


@bp.route("/<label>/amend", methods=["GET", "POST"])
def new_amendment(community: str, no: str, label: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    main = motion_or_404(matter, label)
    person = need_either(council, Permission.MOTION_PROPOSE)
    text = composed(main, siblings(main)) if main.kind == order.MAIN else ()
    form = AmendmentForm()
    form.number(text)
    member_form(form, council, person, Permission.MOTION_PROPOSE)
    return form_page(
        form,
        lambda: services.propose_amendment(
            main,
            Op(form.op.data),
            paragraph_key=form.paragraph.data or None,
            text=form.text.data,
            mover=chosen(form, person),
            actor=person,
        ),
        lambda made: address(council, matter),
        title=_("Amend the text"),
        submit_label=_("Make this motion"),
        said=_("The motion is made. It needs another member to second it."),
        template="motions/form.html",
        council=council,
        matter=matter,
        paragraphs=text,
        back_url=url_for("motions.index", community=community, no=no),
    )


@bp.route("/<label>/reword", methods=["GET", "POST"])
def new_secondary(community: str, no: str, label: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    amendment = motion_or_404(matter, label)
    person = need_either(council, Permission.MOTION_PROPOSE)
    form = SecondaryForm(data={"text": amendment.text or ""})
    member_form(form, council, person, Permission.MOTION_PROPOSE)
    return form_page(
        form,
        lambda: services.propose_secondary(amendment, form.text.data, mover=chosen(form, person), actor=person),
        lambda made: address(council, matter),
        title=_("Reword amendment %(label)s", label=amendment.label),
        submit_label=_("Make this motion"),
        said=_("The motion is made. It needs another member to second it."),
        template="motions/form.html",
        council=council,
        matter=matter,
        paragraphs=[],
        back_url=url_for("motions.show", community=community, no=no, label=label),
    )


@bp.route("/<label>/second-for", methods=["GET", "POST"])
def second_for(community: str, no: str, label: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    motion = motion_or_404(matter, label)
    person = need(Permission.MOTION_RECORD, council)
    form = SecondForm()
    member_form(form, council, person, Permission.MOTION_SECOND)
    return form_page(
        form,
        lambda: services.second(motion, chosen(form, person), actor=person),
        lambda made: address(council, matter),
        title=_("Who seconds %(label)s?", label=motion.label),
        submit_label=_("Take down the second"),
        said=_("%(label)s is seconded.", label=motion.label),
        council=council,
        back_url=url_for("motions.show", community=community, no=no, label=label),
    )


@bp.post("/<label>/second")
def second(community: str, no: str, label: str) -> Response:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    motion = motion_or_404(matter, label)
    person = signed_in()
    said = _("You have seconded %(label)s.", label=motion.label)
    return act(lambda: services.second(motion, person, actor=person), lambda done: address(council, matter), said)


@bp.post("/<label>/withdraw")
def withdraw(community: str, no: str, label: str) -> Response:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    motion = motion_or_404(matter, label)
    said = _("%(label)s is withdrawn.", label=motion.label)
    return act(lambda: services.withdraw(motion, actor=signed_in()), lambda done: address(council, matter), said)


@bp.post("/<label>/put")
def put(community: str, no: str, label: str) -> Response:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    motion = motion_or_404(matter, label)
    if request.args.get("mode") == Mode.SECRET:
        return act(
            lambda: votes.put(motion, mode=Mode.SECRET, actor=signed_in()),
            lambda poll: url_for("secret_polls.show", community=community, poll_id=poll.id),
        )
    said = _("The vote on %(label)s is open. Electorate, presence and rule are frozen.", label=motion.label)
    return act(lambda: votes.put(motion, actor=signed_in()), lambda done: address(council, matter), said)


@bp.post("/<label>/drop")
def drop(community: str, no: str, label: str) -> Response:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    motion = motion_or_404(matter, label)
    said = _("%(label)s has fallen away.", label=motion.label)
    return act(lambda: sittings.drop(motion, actor=signed_in()), lambda done: address(council, matter), said)
