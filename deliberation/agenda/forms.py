"""The agenda's forms."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from deliberation.agenda.states import ENDING_WORDS
from deliberation.agenda.texts import LONGEST_PARAGRAPH, MOST_PARAGRAPHS
from deliberation.kernel.forms import BaseForm, choice, line
from deliberation.kernel.forms import text as long_text

LONGEST_PLAN = MOST_PARAGRAPHS * (LONGEST_PARAGRAPH + 1)
SOURCES = (
    ("appeals", _l("Residents raised it")),
    ("visits", _l("It came up on visits, before anybody complained")),
    ("members", _l("Council members raised it")),
)
POWERS = (
    ("within", _l("The council may decide this")),
    ("persuade", _l("It binds the members and persuades everybody else")),
    ("outside", _l("Somebody else has to decide this")),
)


class MatterForm(BaseForm):
    title = line(_l("Title"), most=80, hint=_l("As it will hang on the board: short, in the residents' words."))
    problem = long_text(
        _l("What is the problem?"), hint=_l("Who is troubled by what, where, since when. No names, no house numbers.")
    )
    source = choice(_l("Where it comes from"), SOURCES)


class EditMatterForm(BaseForm):
    title = line(_l("Title"), most=80)
    problem = long_text(_l("What is the problem?"))


class HandOverForm(BaseForm):
    """Only the button: what is handed over stands above it."""


class SendBackForm(BaseForm):
    note = long_text(_l("Why it goes back"), most=1000, hint=_l("Everybody can read this."))


class EndMatterForm(BaseForm):
    act = choice(_l("How it ends"), [(act.value, _l(words)) for act, words in ENDING_WORDS.items()])
    reason = long_text(_l("Reason"), most=1000, hint=_l("Everybody can read this. Say where people can turn next."))


class PlanForm(BaseForm):
    text = long_text(
        _l("Text of the plan"),
        most=LONGEST_PLAN,
        rows=14,
        hint=_l("One paragraph a line; numbers are added by themselves. Paragraphs that stay keep their identity."),
    )
    analysis = long_text(_l("Analysis"), required=False, hint=_l("Causes, what was tried, what it costs."))
    powers = choice(_l("Check of powers: may the council decide this?"), POWERS)
    powers_note = long_text(_l("On which ground"), most=1000, required=False, rows=3)


class RecusalForm(BaseForm):
    reason = long_text(_l("Reason"), most=500, rows=3, hint=_l("Only the council reads this."))


def whole_id(value: Any) -> int | None:
    return int(value) if str(value).isdigit() and len(str(value)) < 10 else None


class ChallengeForm(BaseForm):
    """A member holds that another should step back."""

    person = SelectField(
        _l("Which member"), coerce=whole_id, validate_choice=False, validators=[InputRequired(_l("Please choose one of these."))]
    )
    reason = long_text(_l("Reason"), most=500, rows=3, hint=_l("Only the council reads this."))

    def validate_person(self, field: Any) -> None:
        if field.data not in {one[0] for one in field.choices}:
            raise ValidationError(_l("Please choose one of these."))


class AnswerForm(BaseForm):
    text = long_text(_l("Answer"), most=500, rows=3, hint=_l("Only the council reads this."))


class DecideChallengeForm(BaseForm):
    upheld = choice(
        _l("Decision"), [("yes", _l("The member steps back from this matter")), ("no", _l("The member goes on acting on it"))]
    )
    reason = long_text(_l("Reason"), most=500, rows=3, hint=_l("Only the council reads this."))


class MemberRecusalForm(BaseForm):
    """The clerk takes it down for a member."""

    person = SelectField(
        _l("Member"), coerce=whole_id, validate_choice=False, validators=[InputRequired(_l("Please choose one of these."))]
    )
    reason = long_text(_l("Reason"), most=500, rows=3, hint=_l("Only the council reads this."))

    def validate_person(self, field: Any) -> None:
        if field.data not in {one[0] for one in field.choices}:
            raise ValidationError(_l("Please choose one of these."))
