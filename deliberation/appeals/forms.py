"""The forms of the appeals' desk, and the resident's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, DateTimeLocalField, SelectMultipleField
from wtforms.validators import InputRequired, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from deliberation.agenda.models import Matter
from deliberation.appeals.queries import Row
from deliberation.appeals.states import ATTEMPT_WORDS, CHANNEL_WORDS, GRADE_WORDS, TAKEN_DOWN, Attempt, Grade, Means
from deliberation.appeals.writing import LONGEST_REASON
from deliberation.kernel.forms import BaseForm, choice, line, text

NEW_MATTER = "new"
EXCERPT = 60
YEARS = range(2000, 2200)


class DayField(DateField):
    """A calendar day, whose refusal is in our words."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip()[:20] for value in valuelist])
        except ValueError:
            self.data = None
            raise ValueError(_l("Please enter a day, for example 2026-04-22.")) from None


class TimeField(DateTimeLocalField):
    """A local day and time, whose refusal is in our words."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip()[:20] for value in valuelist])
            if self.data is not None and self.data.year not in YEARS:
                raise ValueError
        except ValueError:
            self.data = None
            raise ValueError(_l("Please enter day and time, for example 2026-04-22 14:30.")) from None


class TicksField(SelectMultipleField):
    """Any number of choices, each a row of its own; a strange value is refused in our words."""

    data: Any
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        ticked: list[str] = list(self.data or ())
        if set(ticked) - {str(value) for value, *_ in self.iter_choices()}:
            raise ValidationError(_l("Please choose from this list."))


TEXT_HINT = _l("Only the author of the appeal and the desk read this.")
REASON_HINT = _l("Everybody can read this. No names.")
MEANS = (
    (Means.DIRECT.value, _l("The author was told directly")),
    (Means.POSTED_NOTICE.value, _l("The author could not be reached: a notice is posted")),
)


class NewForm(BaseForm):
    """The resident's own: one question."""

    text = text(_l("What is it about?"), hint=_l("What troubles you, where, since when. Only the service desk reads this."), rows=8)
    contact = line(
        _l("How can we reach you?"),
        required=False,
        hint=_l("A telephone number, if you like. It is never shown."),
        autocomplete="tel",
    )


class TakeDownForm(BaseForm):
    """The desk takes an appeal down for somebody (代录)."""

    channel = choice(_l("How did it come in?"), [(channel.value, _l(CHANNEL_WORDS[channel])) for channel in TAKEN_DOWN])
    text = text(_l("What was raised"), hint=_l("In the author's own words."), rows=8)
    name = line(_l("Name of the author"), most=40, required=False, hint=_l("Only the desk sees it."))
    contact = line(
        _l("How can the author be reached?"), required=False, hint=_l("Only the desk sees it. No identity card numbers.")
    )
    paper_no = line(_l("Number on the paper"), most=40, required=False)
    received_at = TimeField(
        _l("When did it come in?"), validators=[Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        description=_l("Leave this empty if it came in just now."),
    )  # fmt: skip


class InterimForm(BaseForm):
    text = text(_l("Interim reply"), hint=TEXT_HINT)
    reason = line(_l("Why it takes longer"), most=LONGEST_REASON, hint=REASON_HINT)
    extends_to = DayField(_l("New last day for the final reply"), validators=[InputRequired(_l("Please fill this in."))])


class AnswerForm(BaseForm):
    text = text(_l("Final reply"), hint=TEXT_HINT, rows=8)
    means = choice(_l("How the reply is given"), MEANS)


class DeclineForm(BaseForm):
    reason = line(_l("Why it is not taken up"), most=LONGEST_REASON, hint=REASON_HINT)
    text = text(_l("Reply to the author"), hint=TEXT_HINT, rows=8)
    means = choice(_l("How the reply is given"), MEANS)


class ReferForm(BaseForm):
    to = line(_l("Who has the power to settle it?"), most=80, hint=_l("An authority, a company, a body. No person's name."))
    reason = line(_l("Why it goes there"), most=LONGEST_REASON, hint=REASON_HINT)
    text = text(
        _l("Reply to the author"),
        hint=_l("Say where it went and how to ask there. Name and number go along only with the author's consent."),
        rows=8,
    )
    means = choice(_l("How the reply is given"), MEANS)


class AttemptForm(BaseForm):
    means = choice(_l("How did you try?"), [(means.value, _l(ATTEMPT_WORDS[means])) for means in Attempt])
    note = line(_l("Note for the desk"), most=200, required=False)


class RateForm(BaseForm):
    grade = choice(
        _l("How satisfied are you with the final reply?"),
        [(grade.value, _l(GRADE_WORDS[grade])) for grade in Grade if grade is not Grade.INVALID],
    )


class RateFromPaperForm(BaseForm):
    grade = choice(_l("What does the slip say?"), [(grade.value, _l(GRADE_WORDS[grade])) for grade in Grade])


class LookUpForm(BaseForm):
    no = line(_l("Number of the appeal"), most=20, hint=_l("For example QS-2026-0001"), autocomplete="off")
    code = line(_l("Code on your receipt"), most=20, hint=_l("Eight letters and figures"), autocomplete="off")


class MergeForm(BaseForm):
    """Several appeals into one matter: an existing one, or a new one with title and problem."""

    appeals = TicksField(_l("Which appeals belong together?"), validators=[InputRequired(_l("Please tick at least one appeal."))])
    matter = choice(_l("Into which matter?"), [])
    title = line(
        _l("Title of the new matter"),
        required=None,
        hint=_l("Only for a new matter. As it will hang on the board: short, in the residents' words."),
    )
    problem = text(
        _l("What is the problem?"),
        required=None,
        hint=_l("Only for a new matter. Who is troubled by what, where, since when. No names, no house numbers."),
    )

    def offer(self, rows: Sequence[Row], matters: Sequence[Matter]) -> None:
        """Fill the closed lists."""
        self.appeals.choices = [(row.no, f"{row.no} {excerpt(row.text)}") for row in rows]
        self.matter.choices = [(NEW_MATTER, _l("A new matter")), *((one.no, f"{one.no} {one.title}") for one in matters)]
        if len(self.matter.choices) == 1 and self.matter.data is None:
            self.matter.data = NEW_MATTER

    def validate(self, extra_validators: Any = None) -> bool:
        is_good = bool(super().validate(extra_validators))
        for field in (self.title, self.problem):
            if self.matter.data == NEW_MATTER and not field.data:
                field.errors = [*field.errors, _l("A new matter needs this.")]
                is_good = False
        return is_good


def excerpt(words: str | None) -> str:
    """The beginning of a text, for a line in a list."""
    said = " ".join((words or "").split())
    return said if len(said) <= EXCERPT else said[: EXCERPT - 1] + "…"
