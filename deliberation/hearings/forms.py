"""The forms of a hearing."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from deliberation.hearings.models import Participant
from deliberation.hearings.queries import Said
from deliberation.hearings.services import LONGEST_NAME, LONGEST_QUESTION, LONGEST_TEXT
from deliberation.hearings.states import PARTY_WORDS, Kind
from deliberation.kernel.forms import BaseForm, OneOf, choice, line, text, whole_number
from deliberation.meetings.forms import MOST_MATERIALS, TimedForm, moment
from deliberation.meetings.planning import LONGEST_LINE

ROOM, WRITING = "room", "writing"
CONFIRMED, RESERVED = "confirmed", "reserved"
EXCERPT = 40


class QuestionForm(BaseForm):
    question = line(_l("What is the hearing about?"), most=LONGEST_QUESTION, hint=_l("One question that people can speak to."))


class HearingPlanForm(TimedForm):
    question = line(_l("What is the hearing about?"), most=LONGEST_QUESTION, hint=_l("One question that people can speak to."))
    starts_at = moment(_l("Day and time"))
    place = line(_l("Place"), most=LONGEST_LINE)
    materials = text(
        _l("Papers that go out with the notice"), most=MOST_MATERIALS * (LONGEST_LINE + 1), required=False, rows=4,
        hint=_l("One title a line."),
    )  # fmt: skip

    def titles(self) -> list[str]:
        return [one.strip() for one in (self.materials.data or "").splitlines() if one.strip()]


class JoinForm(BaseForm):
    name = line(_l("Name"), most=LONGEST_NAME, hint=_l("Only the council’s own people read it; everybody else reads a number."))
    party = choice(_l("Takes part as"), [(party.value, _l(word)) for party, word in PARTY_WORDS.items()])
    comes = choice(_l("How"), [(ROOM, _l("Comes to the hearing")), (WRITING, _l("Cannot come and writes"))])
    login = line(_l("Sign-in name, if there is one"), required=False, hint=_l("Then they can confirm the record themselves."))


class SayForm(BaseForm):
    """``minutes`` only for a statement, ``to`` only for an answer: `offer` takes away what is not needed."""

    who = OneOf(_l("Who speaks"), choices=[])
    to = OneOf(_l("Which question is answered"), choices=[])
    minutes = whole_number(_l("How many minutes"), low=1, high=60)
    gist = text(_l("What was said"), most=LONGEST_TEXT, hint=_l("In a few sentences. Everybody reads it: name no persons."))

    def offer(self, kind: str, people: list[Participant], questions: list[Said], names: dict[int, str]) -> None:
        self.who.choices = [SelectChoice(str(one.number), names[one.number]) for one in people]
        self.to.choices = [SelectChoice(str(one.id), _excerpt(one)) for one in questions]
        if kind != Kind.ANSWER:
            del self.to
        if kind != Kind.STATEMENT:
            del self.minutes


def _excerpt(one: Said) -> str:
    value = one.text or ""
    return value if len(value) <= EXCERPT else value[:EXCERPT] + "…"


class FindingsForm(BaseForm):
    findings = text(
        _l("Findings"), most=LONGEST_TEXT, rows=10,
        hint=_l("What came out, with what was held for and against it. Everybody reads it: name no persons."),
    )  # fmt: skip


class ConfirmForm(BaseForm):
    seen = HiddenField()
    says = choice(_l("The record"), [(CONFIRMED, _l("is right")), (RESERVED, _l("is right but for this:"))])
    reservation = text(
        _l("What is wrong or missing"), most=LONGEST_TEXT, required=None,
        hint=_l("Needed only with a reservation. Everybody reads it: name no persons."),
    )  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if good and self.says.data == RESERVED and not self.reservation.data:
            self.reservation.errors = [*self.reservation.errors, _l("Please fill this in.")]
            return False
        return bool(good)


class AnswerForm(BaseForm):
    answer = text(
        _l("The council’s answer"), most=LONGEST_TEXT, rows=10,
        hint=_l("What the council takes from the findings, and why not the rest. Everybody reads it on the matter’s page."),
    )  # fmt: skip
