"""What happens next with a matter, and the one next act for this reader: sentences and links, no reading of the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from deliberation.agenda.models import Matter, PlanVersion
from deliberation.agenda.services import SIGNS
from deliberation.agenda.states import HANDOVER_WORDS, ORIGINS, Act, State
from deliberation.blueprints.overview import Decision, Session, Window
from deliberation.blueprints.words import day, say, until, when
from deliberation.hearings.models import Hearing
from deliberation.kernel.words import Words
from deliberation.people.permissions import Permission as P


@dataclass(frozen=True)
class Link:
    url: str
    text: str


@dataclass(frozen=True)
class Situation:
    """What the page knows of a matter and of its reader."""

    community: str
    matter: Matter
    version: PlanVersion | None
    window: Window | None
    sessions: list[Session]
    decisions: list[Decision]
    may: frozenset[P]
    postponed_until: date | None = None
    awaits_answer: Hearing | None = None
    hearing_steps: tuple[str, ...] = ()

    @property
    def is_adopted(self) -> bool:
        current = self.matter.current_version
        return current is not None and current.text_hash == self.matter.adopted_hash

    @property
    def may_plan_hearing(self) -> bool:
        return P.MEETING_CALL in self.may and self.matter.state in self.hearing_steps

    @property
    def session(self) -> Session | None:
        """The session that is to come, or sitting."""
        return next((one for one in self.sessions if one.state in ("called", "open")), None)

    def link(self, endpoint: str, text: str, **values: Any) -> Iterator[Link]:
        """A link to a page, where its room is installed."""
        if endpoint in current_app.view_functions:
            yield Link(url_for(endpoint, community=self.community, **values), text)

    def hand_over(self, act: Act) -> Iterator[Link]:
        """The way to hand the matter over, for a reader whose office signs this arrow."""
        if SIGNS[act] in self.may:
            url = url_for("agenda.hand_over", community=self.community, no=self.matter.no, act=act.value)
            yield Link(url, say(Words(HANDOVER_WORDS[act])))


def happening(at: Situation) -> str:
    """What happens next, who holds it, until when, in one sentence."""
    state = State(at.matter.state)
    if state is State.COLLECTING:
        return _("The service station gathers what residents say and hands the problem list to the community party committee.")
    if state is State.DRAFTING:
        return _("The community party committee writes the plan and hands it to the council.")
    if state is State.ADOPTING:
        return _adopting(at)
    if state is State.IN_REVIEW:
        return _in_review(at)
    if state is State.IMPLEMENTING:
        return _("The resolution is being carried out. The matter closes when every task is done and everybody has an answer.")
    return _("Nothing more happens here. What was said and done stays readable.")


def _adopting(at: Situation) -> str:
    if at.is_adopted:
        return _("The council has adopted the text. Next it goes to the residents' forum for comment.")
    if at.postponed_until is not None:
        return _("The council postponed this matter to %(day)s: it comes onto no agenda before.", day=day(at.postponed_until))
    if at.session is None:
        return _("The council deliberates on the plan. No session has been called for it yet.")
    if at.session.state == "open":
        return _("The council is deliberating on this now, at %(place)s.", place=at.session.place)
    return _("The council deliberates on %(when)s, at %(place)s.", when=when(at.session.starts_at), place=at.session.place)


def _in_review(at: Situation) -> str:
    if at.decisions:
        return _("The resolution has its number. Next it goes to those who carry it out.")
    if at.window is not None and at.window.is_open:
        return _("Everybody may comment until %(until)s.", until=until(at.window.closes_at))
    if at.window is not None:
        return _("The time for comments is over. Every comment gets an answer; then the resolution is issued.")
    return _("The text lies at the residents' forum. The time for comments is set next.")


def next_act(at: Situation) -> Link | None:
    """The one next act for this reader, or None where there is nothing to do but read."""
    if at.awaits_answer is not None and at.awaits_answer.findings is not None and P.HEARING_ANSWER in at.may:
        return next(at.link("hearings.answer", _("Answer the findings of the hearing"), hearing_id=at.awaits_answer.id), None)
    finders = {
        State.COLLECTING: _collecting_acts,
        State.DRAFTING: _drafting_acts,
        State.ADOPTING: _adopting_acts,
        State.IN_REVIEW: _review_acts,
        State.IMPLEMENTING: _implementing_acts,
    }
    finder = finders.get(State(at.matter.state))
    return next(finder(at), None) if finder else None


def _collecting_acts(at: Situation) -> Iterator[Link]:
    yield from at.hand_over(Act.TO_COMMITTEE)
    yield from at.link("appeals.index", _("See the appeals"))


def _drafting_acts(at: Situation) -> Iterator[Link]:
    current = at.matter.current_version
    if P.PLAN_WRITE in at.may and (current is None or current.powers is None or at.matter.state_since > current.written_at):
        yield from at.link("agenda.plan", _("Write the plan"), no=at.matter.no)
    if current is not None:
        yield from at.hand_over(Act.TO_COUNCIL)
    yield from at.link("appeals.index", _("See the appeals"))


def _adopting_acts(at: Situation) -> Iterator[Link]:
    is_sitting = at.session is not None and at.session.state == "open"
    if at.is_adopted and not is_sitting:
        yield from at.hand_over(Act.TO_FORUM)
    if at.session is not None and P.MEETING_READ in at.may:
        text = _("Go to the session") if at.session.state == "open" else _("Read the notice and get ready")
        yield from at.link("meetings.show", text, meeting_id=at.session.id)
    if P.MEETING_CALL in at.may and not at.is_adopted:
        yield from at.link("meetings.index", _("Put it before a session"))
    yield from at.link("motions.index", _("See the motions"), no=at.matter.no)


def _review_acts(at: Situation) -> Iterator[Link]:
    if at.decisions:
        yield from at.hand_over(Act.TO_IMPLEMENTATION)
    if P.COMMENT_ANSWER in at.may:
        yield from at.link("forum.show", _("Answer the comments"), no=at.matter.no)
    is_open = at.window is not None and at.window.is_open
    yield from at.link("forum.show", _("Read it and comment") if is_open else _("Read the comments"), no=at.matter.no)


def _implementing_acts(at: Situation) -> Iterator[Link]:
    text = _("Report progress") if P.TASK_REPORT in at.may else _("See how far it is")
    yield from at.link("implementation.show", text, no=at.matter.no)


def other_acts(at: Situation) -> list[Link]:
    """Everything else that this reader's offices may do with the matter now."""
    matter, may, state = at.matter, at.may, State(at.matter.state)
    links: list[Link] = []
    early = state in (State.COLLECTING, State.DRAFTING)
    if state is State.DRAFTING and P.PLAN_WRITE in may:
        links += at.link("agenda.plan", _("Write a version of the plan"), no=matter.no)
    for act in HANDOVER_WORDS:
        if ORIGINS[act] is state and _has_product(at, act):
            links += at.hand_over(act)
    if early and P.MATTER_OPEN in may:
        links += at.link("agenda.edit", _("Rewrite title and problem"), no=matter.no)
    if state is not State.IMPLEMENTING and matter.ended_at is None and P.MATTER_END in may:
        links += at.link("agenda.end", _("End this matter"), no=matter.no)
    if at.may_plan_hearing:
        links += at.link("hearings.plan", _("Plan a hearing"), no=matter.no)
    if matter.ended_at is None and (P.RECUSAL_ASK in may or P.MEETING_RECORD in may):
        links += at.link("recusals.index", _("Stepping back from this matter"), no=matter.no)
    first = next_act(at)
    return [link for link in links if first is None or link.url != first.url]


def _has_product(at: Situation, act: Act) -> bool:
    if act is Act.TO_FORUM:
        return at.is_adopted
    if act is Act.TO_IMPLEMENTATION:
        return bool(at.decisions)
    return act is not Act.TO_COUNCIL or at.matter.current_version is not None
