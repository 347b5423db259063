"""The forms of tasks and of satisfaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from deliberation.implementation.kinds import ANSWERS, GRADE_WORDS, KIND_WORDS, OWNER_WORDS, Grade
from deliberation.implementation.queries import Point
from deliberation.implementation.services import MOST_SLIPS
from deliberation.kernel.forms import BaseForm, choice, line, text, whole_number
from deliberation.review.models import Comment

ALL_POINTS = ""
EXCERPT = 40


class DayField(DateField):
    """A calendar day, whose refusal is in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip()[:20] for value in valuelist])
        except ValueError:
            self.data = None
            raise ValueError(self.gettext("Please enter a day as year-month-day, for example 2026-04-22.")) from None


def _day(label: Any, hint: Any = "") -> Any:
    return DayField(label, description=hint, validators=[InputRequired(_l("Please fill this in."))])


class CheckboxesField(SelectMultipleField):
    """Any number of choices, each a row of its own."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        known = {choice.value for choice in self.choices or ()}
        if set(self.data or ()) - known:
            raise ValidationError(_l("Please choose from this list only."))


class TaskForm(BaseForm):
    what = line(_l("What is to be done"), most=200, hint=_l("Name no households. For example: clear the nine beds at once"))
    kind = choice(_l("Kind of task"), [(kind.value, _l(word)) for kind, word in KIND_WORDS.items()])
    owner_kind = choice(_l("Who carries it out"), [(owner.value, _l(word)) for owner, word in OWNER_WORDS.items()])
    owner = line(_l("Named as"), most=80, hint=_l("A station, a group or a unit; no person’s name"))
    due_on = _day(_l("Due on"))
    point_key = choice(_l("Which point of the resolution"), [], required=False)
    comments = CheckboxesField(_l("From which comments"), choices=[])
    total = whole_number(
        _l("How many in all"), low=1, high=100_000, required=False, hint=_l("Leave empty where nothing is counted")
    )
    unit = line(_l("Counted in"), most=20, required=False, hint=_l("For example: beds, households, rounds"))

    def offer(self, points: Sequence[Point], comments: Sequence[Comment]) -> None:
        """Fill the closed lists: the resolution's points and the matter's comments."""
        numbered = [SelectChoice(point.key, f"{point.number}. {point.text}") for point in points]
        self.point_key.choices = [SelectChoice(ALL_POINTS, _l("All points")), *numbered]
        self.comments.choices = [SelectChoice(str(c.id), f"{c.label} {_excerpt(c)}") for c in comments]


def _excerpt(comment: Comment) -> str:
    value = (comment.masked or comment.text).value or ""
    return value if len(value) <= EXCERPT else value[:EXCERPT] + "…"


class ReportForm(BaseForm):
    on_day = _day(_l("Day"))
    remaining = whole_number(_l("What remains"), high=100_000, required=False, hint=_l("The number that is still to be done"))
    note = text(
        _l("Note"), required=False, most=500,
        hint=_l("Only those who carry this out and the desk read it. Needed where the number rises."),
    )  # fmt: skip


class CompleteForm(BaseForm):
    on_day = _day(_l("Done on"))
    note = text(
        _l("Note"), required=False, most=500,
        hint=_l("Only those who carry this out and the desk read it. Needed where something remains."),
    )  # fmt: skip


class SatisfactionForm(BaseForm):
    grade = choice(_l("How was it carried out?"), [(g.value, _l(GRADE_WORDS[g])) for g in ANSWERS])


class SlipsForm(BaseForm):
    """Paper slips, counted by hand."""

    satisfied = whole_number(_l(GRADE_WORDS[Grade.SATISFIED]), high=MOST_SLIPS)
    basically = whole_number(_l(GRADE_WORDS[Grade.BASICALLY]), high=MOST_SLIPS)
    dissatisfied = whole_number(_l(GRADE_WORDS[Grade.DISSATISFIED]), high=MOST_SLIPS)
    invalid = whole_number(_l(GRADE_WORDS[Grade.INVALID]), high=MOST_SLIPS)

    def counts(self) -> dict[str, int]:
        return {grade.value: self[grade.value].data for grade in Grade}


def today_as_default(form: ReportForm | CompleteForm, today: date) -> None:
    """An empty form starts with today."""
    if form.on_day.data is None and not form.on_day.raw_data:
        form.on_day.data = today
