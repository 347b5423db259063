"""The forms of sides, points and endings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from deliberation.agreements.endings import LONGEST_CHANNEL, LONGEST_REASON
from deliberation.agreements.services import LONGEST_NAME, LONGEST_TEXT, LONGEST_WORD
from deliberation.agreements.states import OUTCOMES, POINT_WORDS
from deliberation.implementation.forms import DayField
from deliberation.kernel.forms import BaseForm, ChoiceField, OneOf, choice, line, text

PUBLIC = _l("Everybody reads it: name no persons.")


class NewSideForm(BaseForm):
    name = line(
        _l("Name of the side"), most=LONGEST_NAME,
        hint=_l("An organisation, or a group such as “households of building 3”. Everybody reads it: name no persons."),
    )  # fmt: skip


class SideForm(BaseForm):
    came = choice(_l("Did this side come?"), [("yes", _l("yes")), ("no", _l("no"))])
    speaker = line(
        _l("Who speaks for it"), most=LONGEST_NAME, required=False,
        hint=_l("Only the council’s own people read this name. Leave it empty where the roster says it."),
    )  # fmt: skip


class PointForm(BaseForm):
    text = text(_l("What was agreed"), most=LONGEST_TEXT, rows=3, hint=PUBLIC)
    who = OneOf(_l("Who does it"), choices=[])
    due_on: Any = DayField(_l("By when"), validators=[InputRequired(_l("Please fill this in."))])

    def offer(self, people: Sequence[tuple[str, str]]) -> None:
        self.who.choices = [SelectChoice(value, words) for value, words in people]


class OutcomeForm(BaseForm):
    outcome = choice(_l("What became of it"), [(one.value, _l(POINT_WORDS[one])) for one in OUTCOMES])
    word = text(_l("In a word"), most=LONGEST_WORD, rows=2, hint=PUBLIC)


class NoneForm(BaseForm):
    reason = text(_l("Why there was no agreement"), most=LONGEST_REASON, rows=3, hint=PUBLIC)
    channel: Any = ChoiceField(_l("Where it goes on"), choices=[], validators=[InputRequired(_l("Please choose one of these."))])
    words = line(
        _l("Which, or what else is to be said"), most=LONGEST_CHANNEL, required=None,
        hint=_l("Needed only where it goes on elsewhere."),
    )  # fmt: skip

    def offer(self, names: Sequence[tuple[str, str]]) -> None:
        self.channel.choices = [SelectChoice(value, words) for value, words in names]
