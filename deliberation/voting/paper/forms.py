"""The forms of the papers' desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from deliberation.kernel.forms import BaseForm, OneOf, choice, line, whole_number
from deliberation.people.models import Person
from deliberation.voting.forms import CHOICES, BallotForm, ballot_fields
from deliberation.voting.kinds import ABSTAIN, Kind, Paper
from deliberation.voting.paper.comparing import REASON_WORDS, invalid
from deliberation.voting.paper.serials import LONGEST
from deliberation.voting.paper.services import MOST_AT_ONCE

AS_MARKED = "marked"
PRINTED_NUMBER: dict[str, Any] = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "serial"}


def serial_field(**more: Any) -> Any:
    hint = _l("Six characters, such as KM4 7PX; or scan the square into this field.")
    return line(_l("Number on the paper"), most=LONGEST, hint=hint, **PRINTED_NUMBER, **more)


class PrintForm(BaseForm):
    number = whole_number(
        _l("How many papers"), low=1, high=MOST_AT_ONCE,
        hint=_l("One for everybody who may want paper, and some for exchange. What is left over is torn up."),
    )  # fmt: skip


class HandOutForm(BaseForm):
    """Who takes a paper; ``confirmed`` is set on the page that reads the name back."""

    member = OneOf(_l("Who takes a paper"), choices=[], validators=[InputRequired(_l("Please choose one of these."))])
    confirmed = HiddenField()


def hand_out_form(voters: Iterable[Person]) -> HandOutForm:
    form = HandOutForm()
    form.member.choices = [SelectChoice("", _("Please choose")), *(SelectChoice(str(one.id), one.name or "") for one in voters)]
    return form


class ExchangeForm(BaseForm):
    serial = serial_field()


class TypeForm(BallotForm):
    """One paper: its number, what is marked, and how it counts. The fields of the ballot are added by `type_form`."""

    serial = serial_field(autofocus=True)

    def text(self) -> str:
        """The paper as `services.type_in` takes it."""
        says = str(self["says"].data)
        return super().text() if says == AS_MARKED else says


def type_form(paper: Paper, options: Sequence[str]) -> TypeForm:
    """The form for one paper of this poll. Where one mark says it all, everything stands in one list."""
    fields, first = ballot_fields(paper, options), [(AS_MARKED, _l("It counts as marked above"))]
    if paper.kind is Kind.YES_NO:
        first = CHOICES[:2]
    elif paper.kind is Kind.SINGLE:
        first = [(str(n), text) for n, text in enumerate(options, 1)]
    others = [(ABSTAIN, _l("Abstain, or nothing is marked"))]
    others += [(invalid(why), _("Invalid: %(why)s", why=_(words))) for why, words in REASON_WORDS.items()]
    fields["says"] = choice(_l("What is marked") if first[0][0] != AS_MARKED else _l("How it counts"), [*first, *others])
    made: TypeForm = type("TypeForm", (TypeForm,), fields)(data={"says": AS_MARKED if first[0][0] == AS_MARKED else None})
    return made


class FinishForm(BaseForm):
    """``confirmed``: that the number of papers differs from those given out is known; shown once it is needed."""

    differs = False
    confirmed = BooleanField(_l("I have looked for them: finish all the same"))
