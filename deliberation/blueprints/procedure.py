"""How a sitting goes on with a motion: postponing it, closing debate on it, taking a decision up again, the chair's rulings."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.attendance import who_is
from deliberation.blueprints.meetings import item_or_404, signed_in
from deliberation.blueprints.motions import address as motion_address
from deliberation.blueprints.motions import chosen, member_form, motion_or_404, need_either
from deliberation.blueprints.pages import act, council_or_404, form_page, load_or_404, matter_or_404, need
from deliberation.blueprints.session_plan import address, meeting_or_404
from deliberation.councils.models import Council
from deliberation.kernel.errors import NotFound
from deliberation.kernel.words import N_
from deliberation.meetings import procedure, queries, rulings
from deliberation.meetings.models import Meeting
from deliberation.meetings.procedure_forms import CloseDebateForm, HandsForm, PostponeForm, ReconsiderForm, RulingForm
from deliberation.meetings.votes import meeting_of
from deliberation.motions import reconsidering
from deliberation.motions.models import Ruling
from deliberation.motions.texts import motions_of
from deliberation.people.models import Person
from deliberation.people.permissions import Permission

bp = Blueprint("procedure", __name__, url_prefix="/c/<community>")


def room(meeting: Meeting, matter_id: int, council: Council) -> tuple[list[tuple[int, str]], dict[int, Person]]:
    """The members who can move and second now, with the words of a list, and their persons."""
    here = procedure.in_the_room(meeting, matter_id) - {meeting.chair_id}
    people = queries.people_on_roster(meeting)
    lines = [row for row in queries.roster_lines(meeting, council) if row.person_id in here]
    return [(row.person_id, who_is(row)) for row in lines], people


@bp.route("/meetings/<int:meeting_id>/items/<int:item_id>/postpone", methods=["GET", "POST"])
def postpone(community: str, meeting_id: int, item_id: int) -> Answer:
    council = council_or_404(community)
    chair = need(Permission.MEETING_CHAIR, council)
    meeting = meeting_or_404(council, meeting_id)
    item = item_or_404(meeting, item_id)
    offered, people = room(meeting, item.matter_id, council)
    form = PostponeForm(data={"when": "next"})
    form.offer(offered)
    return form_page(
        form,
        lambda: procedure.postpone(
            item, people[form.mover.data], people[form.seconder.data], until=form.chosen, reason=form.reason.data, actor=chair
        ),
        address(council, meeting_id),
        title=_("Postpone “%(title)s”", title=item.matter.title),
        submit_label=_("Postpone without objection"),
        said=_("Postponed. What is pending keeps its place."),
        council=council,
        intro=[
            _("Ask the room whether anybody objects. If somebody does, do not note this: the matter goes on."),
            _("Until its day the matter comes onto no agenda. This is how this house works, not law."),
        ],
        back_url=address(council, meeting_id),
    )


@bp.route("/agenda/<no>/motions/<label>/close-debate", methods=["GET", "POST"])
def close_debate(community: str, no: str, label: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    motion = motion_or_404(matter, label)
    chair = need(Permission.MEETING_CHAIR, council)
    meeting = meeting_of(motion)
    offered, people = room(meeting, matter.id, council) if meeting is not None else ([], {})
    form = CloseDebateForm()
    form.offer(offered)
    return form_page(
        form,
        lambda: procedure.close_debate_on(motion, people[form.mover.data], people[form.seconder.data], actor=chair),
        lambda made: motion_address(council, matter),
        title=_("Close debate on %(label)s", label=motion.label),
        submit_label=_("Close debate without objection"),
        said=_("Debate on %(label)s is closed. The question is put now.", label=motion.label),
        council=council,
        intro=[
            _("Ask the room whether anybody objects. If somebody does, do not note this: the debate goes on."),
            _("Afterwards nobody speaks on it or amends it in this session. What was moved before is voted on first."),
        ],
        back_url=url_for("motions.show", community=community, no=no, label=label),
    )


@bp.route("/agenda/<no>/motions/<label>/reconsider", methods=["GET", "POST"])
def reconsider(community: str, no: str, label: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    motion = motion_or_404(matter, label)
    person = need_either(council, Permission.MOTION_PROPOSE)
    reconsidering.require_open_to_reconsideration(motion, motions_of(matter.id))
    form = ReconsiderForm()
    member_form(form, council, person, Permission.MOTION_PROPOSE)
    assert motion.poll is not None
    if not reconsidering.is_secret(motion.poll):
        del form.declared
    declared = form.declared.data if "declared" in form else False
    return form_page(
        form,
        lambda: reconsidering.reconsider(motion, chosen(form, person), declared=declared, actor=person),
        lambda made: url_for("motions.show", community=community, no=no, label=made.label),
        title=_("Take %(label)s up again", label=motion.label),
        submit_label=_("Move to take it up again"),
        said=_("The motion is made. It needs another member to second it."),
        council=council,
        intro=[
            _("Only who voted with the result may move this: for it where it was carried, against it where it was lost."),
            _("The first verdict stays in the record. With a second the council votes once more, in the same words."),
        ],
        back_url=url_for("motions.show", community=community, no=no, label=label),
    )


@bp.route("/meetings/<int:meeting_id>/items/<int:item_id>/rule", methods=["GET", "POST"])
def rule(community: str, meeting_id: int, item_id: int) -> Answer:
    council = council_or_404(community)
    chair = need(Permission.MEETING_CHAIR, council)
    meeting = meeting_or_404(council, meeting_id)
    item = item_or_404(meeting, item_id)
    open_to_ruling = {m.label: m for m in motions_of(item.matter_id) if m.poll_id is None and m.debate_id == item.debate_id}
    form = RulingForm()
    form.about.choices = [("", _("The debate as a whole")), *((label, label) for label in open_to_ruling)]
    return form_page(
        form,
        lambda: rulings.rule(
            item, form.text.data, form.reason.data, motion=open_to_ruling.get(form.about.data or ""), actor=chair
        ),
        address(council, meeting_id),
        title=_("Rule on a point of order"),
        submit_label=_("Make the ruling"),
        said=_("The ruling stands in the record. A member may appeal it to the council."),
        council=council,
        intro=[_("A ruling says how it goes on, and why. Whether a motion is carried is decided by the count alone.")],
        back_url=address(council, meeting_id),
    )


def ruling_or_404(council: Council, meeting: Meeting, ruling_id: int) -> Ruling:
    found = load_or_404(Ruling, council, id=ruling_id)
    if found.debate_id not in {item.debate_id for item in meeting.items}:
        raise NotFound(N_("There is nothing at this address."))
    return found


@bp.post("/meetings/<int:meeting_id>/rulings/<int:ruling_id>/appeal")
def appeal(community: str, meeting_id: int, ruling_id: int) -> Response:
    council = council_or_404(community)
    ruling = ruling_or_404(council, meeting_or_404(council, meeting_id), ruling_id)
    said = _("Appealed. The council decides by show of hands; the clerk counts.")
    return act(lambda: rulings.appeal(ruling, actor=signed_in()), address(council, meeting_id), said)


@bp.route("/meetings/<int:meeting_id>/rulings/<int:ruling_id>/decide", methods=["GET", "POST"])
def decide(community: str, meeting_id: int, ruling_id: int) -> Answer:
    council = council_or_404(community)
    clerk = need(Permission.MEETING_RECORD, council)
    ruling = ruling_or_404(council, meeting_or_404(council, meeting_id), ruling_id)
    form = HandsForm()
    return form_page(
        form,
        lambda: rulings.decide_appeal(ruling, form.hands_for.data, form.hands_against.data, actor=clerk),
        address(council, meeting_id),
        title=_("Count the hands on the ruling"),
        submit_label=_("Note the count"),
        said=_("The council's decision on the ruling stands in the record."),
        council=council,
        intro=[ruling.text, _("More hands against than for it overturn the ruling; a tie lets it stand.")],
        back_url=address(council, meeting_id),
    )
