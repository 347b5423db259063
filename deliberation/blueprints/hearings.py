"""The pages of a hearing: planning it, its record for everybody, and the forms of clerk, participants and council."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.hearing_words import happening
from deliberation.blueprints.pages import actor, council_or_404, form_page, load_or_404, matter_or_404, need
from deliberation.blueprints.session_plan import first_possible, meeting_or_404, signed_in
from deliberation.blueprints.words import say
from deliberation.councils.models import Council
from deliberation.councils.queries import permissions_of
from deliberation.hearings import answers, places, queries, services
from deliberation.hearings.forms import (
    RESERVED,
    ROOM,
    AnswerForm,
    ConfirmForm,
    FindingsForm,
    HearingPlanForm,
    JoinForm,
    QuestionForm,
    SayForm,
)
from deliberation.hearings.models import Hearing, Participant
from deliberation.hearings.states import KIND_WORDS, Kind, kind_words, party_words
from deliberation.kernel.errors import NotFound, Refused
from deliberation.kernel.words import N_
from deliberation.meetings import queries as meetings
from deliberation.meetings.kinds import hearing_kinds, kind_of
from deliberation.meetings.models import Meeting
from deliberation.meetings.services import rules_of
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Office
from deliberation.people.permissions import Permission as P

bp = Blueprint("hearings", __name__, url_prefix="/c/<community>")


def hearing_or_404(council: Council, hearing_id: int) -> Hearing:
    """A round that this reader may see: before its notice it is the council's own business."""
    load_or_404(Hearing, council, id=hearing_id)
    hearing = queries.hearing_by_id(council, hearing_id)
    if hearing is None:
        raise NotFound(N_("There is nothing at this address."))
    meeting_or_404(council, hearing.meeting_id)
    return hearing


def address(council: Council, hearing: Hearing) -> str:
    return url_for("hearings.show", community=council.slug, hearing_id=hearing.id)


@bp.get("/hearings/<int:hearing_id>")
def show(community: str, hearing_id: int) -> str:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    person = actor()
    may = permissions_of(person, council)
    joined, words = queries.participants(hearing), queries.said(hearing)
    call = places.call_of(hearing)
    until = call.until_at if call is not None and places.is_running(call) else None
    to_do = steps(council, hearing, may, person, joined)
    applied = {one.person_id for one in places.applications(hearing)} if until and person else set()
    if until and P.MEETING_READ not in may and not (person and person.id in applied):
        to_do.append((url_for("places.show", community=council.slug, hearing_id=hearing.id), _("Apply for a place")))
    return render_template(
        "hearings/show.html",
        council=council,
        hearing=hearing,
        happening=happening(hearing),
        joined=joined,
        sides=queries.sides(words, joined),
        questions=[(one, [a for a in words if a.to == one.id]) for one in words if one.kind == Kind.QUESTION],
        submissions=[one for one in words if one.kind == Kind.SUBMISSION],
        reads=P.MEETING_READ in may,
        steps=to_do,
        until=until,
        party_words=party_words,
        minutes=rules_of(hearing.meeting)["speech_minutes"],
        has_call=call is not None,
    )


def steps(
    council: Council, hearing: Hearing, may: frozenset[P], person: Person | None, joined: list[Participant]
) -> list[tuple[str, str]]:
    """(address, words) of what this reader can do now, the next first."""
    found: list[tuple[str, str]] = []

    def offer(endpoint: str, words: str, **more: Any) -> None:
        found.append((url_for(f"hearings.{endpoint}", community=council.slug, hearing_id=hearing.id, **more), words))

    meeting, records = hearing.meeting, P.MEETING_RECORD in may
    open_ones = [one for one in joined if one.comes and one.confirmed_at is None] if hearing.findings else []
    for one in open_ones:
        if person is not None and one.person_id == person.id:
            offer("confirm", _("Confirm the record"), number=one.number)
    if hearing.findings is not None and hearing.answer is None and P.HEARING_ANSWER in may:
        offer("answer", _("Answer the findings of the hearing"))
    if records and meeting.is_held and hearing.findings is None and hearing.answer is None:
        offer("findings", _("Write the findings"))
    if records and meeting.state == "open" and any(one.comes for one in joined):
        for kind in (Kind.STATEMENT, Kind.QUESTION, Kind.ANSWER):
            offer("note", _("Take down: %(kind)s", kind=say(kind_words(kind))), kind=kind.value)
    if records and not meeting.is_over:
        offer("participants", _("Enter who takes part"))
        if meeting.state in ("planned", "called"):
            url = url_for("places.show", community=council.slug, hearing_id=hearing.id)
            found.append((url, _("Places, applications and the lot")))
        if any(not one.comes for one in joined):
            offer("note", _("Take down: %(kind)s", kind=say(kind_words(Kind.SUBMISSION))), kind=Kind.SUBMISSION.value)
    if records:
        for one in open_ones:
            if person is None or one.person_id != person.id:
                offer("confirm", _("Confirmation on paper: no. %(n)s", n=one.number), number=one.number)
        if hearing.findings is not None and hearing.answer is None and not any(one.confirmed_at for one in joined):
            offer("findings", _("Write the findings anew"))
    return found


@bp.route("/agenda/<no>/hearings/new", methods=["GET", "POST"])
def plan(community: str, no: str) -> Answer:
    council = council_or_404(community)
    matter = matter_or_404(council, no)
    person = need(P.MEETING_CALL, council)
    form = HearingPlanForm()

    def service() -> Hearing:
        chairs, clerks = (meetings.holders(council, office) for office in (Office.PRESIDENT, Office.CLERK))
        if not chairs or not clerks:
            raise Refused(N_("A session needs a president and a clerk: both offices must be held."), code="no_officers")
        return services.plan(
            matter, question=form.question.data, starts_at=form.instant(council.zone), place=form.place.data,
            materials=form.titles(), chair=chairs[-1], clerk=clerks[-1], actor=person,
        )  # fmt: skip

    return form_page(
        form,
        service,
        lambda made: url_for("meetings.show", community=council.slug, meeting_id=made.meeting_id),
        title=_("Plan a hearing"),
        submit_label=_("Put it on the calendar"),
        said=_("On the calendar. Send the notice next."),
        council=council,
        intro=[matter.title, first_possible(council, kind_of(hearing_kinds()[0]))],
        back_url=url_for("agenda.show", community=council.slug, no=matter.no),
    )


@bp.route("/meetings/<int:meeting_id>/hearing/<no>", methods=["GET", "POST"])
def begin(community: str, meeting_id: int, no: str) -> Answer:
    """The question of a hearing that was planned from the page of meetings."""
    council = council_or_404(community)
    meeting: Meeting = meeting_or_404(council, meeting_id)
    matter = matter_or_404(council, no)
    person = need(P.MEETING_CALL, council)
    form = QuestionForm()
    return form_page(
        form,
        lambda: services.begin(meeting, matter, form.question.data, actor=person),
        lambda made: address(council, made),
        title=_("Put the question of the hearing"),
        submit_label=_("Keep the question"),
        said=_("The question is put. Enter who takes part next."),
        council=council,
        intro=[matter.title],
        back_url=url_for("meetings.show", community=council.slug, meeting_id=meeting_id),
    )


def _page(
    council: Council, hearing: Hearing, form: Any, service: Callable[[], Any], title: str, submit: str, said: str,
    intro: list[str] | None = None,
) -> Answer:  # fmt: skip
    """A form about a round, which comes back to its page."""
    return form_page(
        form, service, address(council, hearing), title=title, submit_label=submit, said=said, council=council,
        intro=[hearing.question, *(intro or [])], back_url=address(council, hearing),
    )  # fmt: skip


@bp.route("/hearings/<int:hearing_id>/participants", methods=["GET", "POST"])
def participants(community: str, hearing_id: int) -> Answer:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    person = need(P.MEETING_RECORD, council)
    form = JoinForm()

    def service() -> Participant:
        account = people.account_named(form.login.data) if form.login.data else None
        return services.join(
            hearing, form.name.data, form.party.data, comes=form.comes.data == ROOM, person=account.person if account else None,
            actor=person,
        )  # fmt: skip

    return _page(council, hearing, form, service, _("Enter who takes part"), _("Enter"), _("Entered."))


@bp.route("/hearings/<int:hearing_id>/note/<kind>", methods=["GET", "POST"])
def note(community: str, hearing_id: int, kind: str) -> Answer:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    person = need(P.MEETING_RECORD, council)
    if kind not in KIND_WORDS:
        raise NotFound(N_("There is nothing at this address."))
    joined = [one for one in queries.participants(hearing) if one.comes != (kind == Kind.SUBMISSION)]
    asked = [one for one in queries.said(hearing) if one.kind == Kind.QUESTION] if kind == Kind.ANSWER else []
    form = SayForm()
    form.offer(kind, joined, asked, {one.number: listed(one) for one in joined})

    def service() -> Any:
        by = next(one for one in joined if str(one.number) == form.who.data)
        to = services.word_of(hearing, int(form.to.data)) if kind == Kind.ANSWER else None
        minutes = form.minutes.data if kind == Kind.STATEMENT else None
        return services.say(hearing, by, kind, form.gist.data, minutes=minutes, to=to, actor=person)

    intro = []
    if kind == Kind.STATEMENT:
        intro = [_("A statement takes at most %(n)s minutes.", n=rules_of(hearing.meeting)["speech_minutes"])]
    title = _("Take down: %(kind)s", kind=say(kind_words(kind)))
    return _page(council, hearing, form, service, title, _("Take it down"), _("Taken down."), intro)


def listed(one: Participant) -> str:
    """Somebody on the list, as the clerk reads it."""
    name = one.name.value or _("(erased)")
    return _("No. %(n)s, %(party)s: %(name)s", n=one.number, party=say(party_words(one.party)), name=name)


@bp.route("/hearings/<int:hearing_id>/findings", methods=["GET", "POST"])
def findings(community: str, hearing_id: int) -> Answer:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    person = need(P.MEETING_RECORD, council)
    form = FindingsForm(data={"findings": hearing.findings})
    return _page(
        council, hearing, form, lambda: services.find(hearing, form.findings.data, actor=person), _("Write the findings"),
        _("Keep the findings"), _("The findings are written. Those who were there confirm the record next."),
        [_("From the first confirmation on they stand as they are.")],
    )  # fmt: skip


@bp.route("/hearings/<int:hearing_id>/confirm/<int:number>", methods=["GET", "POST"])
def confirm(community: str, hearing_id: int, number: int) -> Answer:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    one = load_or_404(Participant, council, hearing_id=hearing.id, number=number)
    person = signed_in()
    if one.person_id != person.id:
        need(P.MEETING_RECORD, council)
    form = ConfirmForm()
    if request.method == "GET":
        form.seen.data = services.digest_of(hearing)

    def service() -> None:
        reservation = form.reservation.data if form.says.data == RESERVED else None
        services.confirm(one, seen=form.seen.data or "", reservation=reservation, actor=person)

    own = one.person_id == person.id
    title = _("Confirm the record") if own else _("Confirmation on paper: no. %(n)s", n=one.number)
    intro = [hearing.findings or "", *([] if own else [_("From the sheet that this person signed.")])]
    return _page(council, hearing, form, service, title, _("Confirm"), _("Thank you. It is noted."), intro)


@bp.route("/hearings/<int:hearing_id>/answer", methods=["GET", "POST"])
def answer(community: str, hearing_id: int) -> Answer:
    council = council_or_404(community)
    hearing = hearing_or_404(council, hearing_id)
    person = need(P.HEARING_ANSWER, council)
    form = AnswerForm()
    return _page(
        council, hearing, form, lambda: answers.answer(hearing, form.answer.data, actor=person),
        _("Answer the findings of the hearing"), _("Publish the answer"), _("The answer stands on the matter’s page."),
        [hearing.findings or "", _("It is written once and stands. Before it the council does not vote on the whole.")],
    )  # fmt: skip
