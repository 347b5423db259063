"""A rating round is prepared: planned at its meeting, what is rated, who rates, put to the vote; and its results published."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from deliberation.blueprints import rating_words as words
from deliberation.blueprints.agenda import Answer
from deliberation.blueprints.evaluations import address, bp, of_a_round, round_or_404
from deliberation.blueprints.meetings import signed_in
from deliberation.blueprints.offices import Newcomers
from deliberation.blueprints.pages import LARGEST_ID, act, council_or_404, form_page, need
from deliberation.blueprints.session_plan import meeting_or_404
from deliberation.blueprints.words import say, short_language
from deliberation.councils.authority import members
from deliberation.councils.models import Council
from deliberation.evaluations import queries, services
from deliberation.evaluations.forms import ChosenForm, NamedForm, RatersForm, RoundForm
from deliberation.evaluations.groups import MEMBER, RESOLUTION, group_of, groups, subject_name
from deliberation.evaluations.models import Round
from deliberation.extensions import db
from deliberation.kernel.errors import Invalid, NotFound
from deliberation.kernel.forms import BaseForm
from deliberation.kernel.words import N_
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.people.permissions import Office, Permission
from deliberation.publishing.queries import format_number
from deliberation.voting.kinds import SCALE_WORDS
from deliberation.voting.secret.services import require_few_enough


@bp.route("/new/<int:meeting_id>", methods=["GET", "POST"])
def plan(community: str, meeting_id: int) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_CALL, council)
    meeting = meeting_or_404(council, meeting_id)
    form, language = RoundForm(data={"scale": next(iter(SCALE_WORDS))}), short_language()
    form.offer((one.code, f"{one.names[language]}: {one.raters[language]}") for one in groups().values())
    return form_page(
        form,
        lambda: services.plan(meeting, title=form.title.data, group=form.group.data, scale=form.scale.data, actor=person),
        lambda made: address(council, made),
        title=_("Plan a rating round"),
        submit_label=_("Plan it"),
        said=_("Planned. Enter what is rated, and who rates."),
        council=council,
        intro=[_("A round has one group of raters and one vote. Groups are never mixed: each has a round of its own.")],
        back_url=url_for("meetings.show", community=council.slug, meeting_id=meeting_id),
    )


@bp.get("/<int:round_id>/rated")
def choose_kind(community: str, round_id: int) -> str:
    """Which kind of thing is to be rated; and the last one entered, to be taken out again."""
    council = council_or_404(community)
    need(Permission.MEETING_CALL, council)
    round_ = round_or_404(council, round_id)
    offered = [(kind, subject_name(kind, short_language())) for kind in group_of(round_.rater_group).rates]
    return render_template(
        "evaluations/kinds.html", council=council, round=round_, offered=offered, entered=words.things(round_, signed_in())
    )


@bp.route("/<int:round_id>/rated/<kind>", methods=["GET", "POST"])
def add_subject(community: str, round_id: int, kind: str) -> Answer:
    council = council_or_404(community)
    person = need(Permission.MEETING_CALL, council)
    round_ = round_or_404(council, round_id)
    if kind not in group_of(round_.rater_group).rates:
        raise NotFound(N_("There is nothing at this address."))
    title = _("Enter what is rated: %(kind)s", kind=subject_name(kind, short_language()))
    form: Any = NamedForm()
    if kind in (RESOLUTION, MEMBER):
        form = ChosenForm()
        offered: dict[int, Any] = {one.id: one for one in queries.resolutions(council)} if kind == RESOLUTION else seated(council)
        form.offer((key, choice_words(one)) for key, one in offered.items())

    def service() -> Any:
        if kind == RESOLUTION:
            return services.add_subject(round_, kind, resolution=offered[int(form.which.data)], actor=person)
        if kind == MEMBER:
            return services.add_subject(round_, kind, person=offered[int(form.which.data)], actor=person)
        return services.add_subject(round_, kind, form.name.data, actor=person)

    return of_a_round(council, round_, form, service, title, _("Enter"), _("Entered."))


def seated(council: Council) -> dict[int, Person]:
    return {seat.person_id: db.session.get_one(Person, seat.person_id) for seat in members(council)}


def choice_words(one: Any) -> str:
    """A resolution or a person to choose."""
    return one.name or "" if isinstance(one, Person) else f"{say(format_number(one.number))} {one.matter.title}"


@bp.post("/<int:round_id>/rated/<int:position>/drop")
def drop_subject(community: str, round_id: int, position: int) -> Response:
    council = council_or_404(community)
    round_ = round_or_404(council, round_id)
    return act(
        lambda: services.drop_subject(round_, position, actor=signed_in()), address(council, round_), _("Taken out of the round.")
    )  # fmt: skip


@bp.route("/<int:round_id>/raters", methods=["GET", "POST"])
def raters(community: str, round_id: int) -> Answer | Response:
    council = council_or_404(community)
    person = need(Permission.MEETING_RECORD, council)
    round_ = round_or_404(council, round_id)
    if request.method == "GET" and not services.is_list_open(round_):
        return redirect(address(council, round_))
    form = RatersForm()
    known = Newcomers(form, lambda: entered(form, person), lambda: checked(form, round_))
    here = url_for("evaluations.raters", community=community, round_id=round_id)
    return of_a_round(
        council, round_, form, lambda: services.list_raters(round_, [*by_login(form), *known()], actor=person),
        _("Who rates: the list"), _("Enter them"), _("They are on the list."),
        [_("Each name stands here once and rates once, on a phone or on paper. When the vote is opened the list is frozen.")],
        template="evaluations/raters.html", done=here, listed=queries.raters(round_), round=round_, group=words.group_words(round_),
    )  # fmt: skip


def by_login(form: RatersForm) -> list[Person]:
    """The people whose sign-in names were given; raises `Invalid` for one that nobody has."""
    found = []
    for login in form.lines("logins"):
        try:
            found.append(people.account_named(login).person)
        except Invalid as error:
            raise Invalid(error.words, field="logins") from error
    return found


def checked(form: RatersForm, round_: Round) -> None:
    """Before anybody new is entered: what the list would refuse."""
    if not form.lines("logins") and not form.lines("names"):
        raise Invalid(N_("Please enter at least one name."), field="names")
    services.require_list_open(round_)
    listed, given = queries.raters(round_), by_login(form)
    known = {one.id for one in listed}
    for one in given:
        services.require_free(round_, one)
        if one.id in known:
            raise Invalid(N_("This person is on the list already."), field="logins")
        known.add(one.id)
    require_not_by_name(given, round_)
    taken = {people.name_key(one.name) for one in (*listed, *given, *queries.rated(round_))}
    for name in form.lines("names"):
        name = people.tidy_name(name)
        if people.name_key(name) in taken:
            raise Invalid(
                N_("“%(name)s” stands on the list already, or is rated. If it is somebody else, add what tells them apart."),
                name=name, field="names",
            )  # fmt: skip
        taken.add(people.name_key(name))
    require_few_enough(len(known) + len(form.lines("names")))


def require_not_by_name(given: list[Person], round_: Round) -> None:
    """Raise `Invalid` for somebody with an account who may stand on the list by name already, to rate on paper."""
    listed = {people.name_key(one.name) for one in queries.by_name(round_)} - {""}
    for one in given:
        if people.name_key(one.name) in listed:
            raise Invalid(
                N_("“%(name)s” stands on the list by name already. If it is the same person, take that line off first; "
                   "if not, enter that one again with what tells them apart."), name=one.name, field="logins",
            )  # fmt: skip


def entered(form: RatersForm, person: Person) -> list[Person]:
    """Those without an account, as new people of the installation."""
    capacity = people.installation(person, Office.CLERK)
    return [people.add_person(name, capacity=capacity) for name in form.lines("names")]


@bp.post("/<int:round_id>/raters/<int:person_id>/drop")
def unlist(community: str, round_id: int, person_id: int) -> Response:
    council = council_or_404(community)
    round_ = round_or_404(council, round_id)
    back = url_for("evaluations.raters", community=community, round_id=round_id)
    if person_id > LARGEST_ID:
        raise NotFound(N_("There is nothing at this address."))
    return act(lambda: services.unlist(round_, person_id, actor=signed_in()), back, _("Taken off the list."))


@bp.post("/<int:round_id>/put")
def put(community: str, round_id: int) -> Response:
    council = council_or_404(community)
    round_ = round_or_404(council, round_id)

    def to_the_key(poll: Any) -> str:
        return url_for("secret_polls.show", community=community, poll_id=poll.id)

    return act(lambda: services.put(round_, actor=signed_in()), to_the_key, _("It is put. Make its key next."))


@bp.route("/<int:round_id>/publish", methods=["GET", "POST"])
def publish(community: str, round_id: int) -> Answer | Response:
    council = council_or_404(community)
    person = signed_in()
    round_ = round_or_404(council, round_id)
    need(Permission.MEETING_RECORD if person.id != round_.meeting.chair_id else Permission.MEETING_CHAIR, council)
    if queries.results(round_) is None:
        return redirect(address(council, round_))
    left = queries.unsettled(round_)
    return of_a_round(
        council, round_, BaseForm(), lambda: services.publish(round_, actor=person), _("Publish the results"), _("Publish"),
        _("The results are public."),
        [_("%(n)s comments are still to be sorted.", n=left) if left else _("All comments are sorted."),
         _("Grades, findings and their numbers become public; what people wrote does not. Afterwards the findings stand.")],
    )  # fmt: skip
