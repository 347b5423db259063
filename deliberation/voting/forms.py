"""The forms of a vote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from deliberation.kernel.forms import BaseForm, LocalTimeField, OneOf, Pressed, choice, line, text, told_of_changes, whole_number
from deliberation.voting.counting import methods
from deliberation.voting.kinds import (
    METHOD_WORDS,
    METHODS,
    MODE_WORDS,
    MOST_OPTIONS,
    SCALE_WORDS,
    SCALES,
    TAKES,
    Kind,
    Mode,
    Paper,
    by_ranks,
)
from deliberation.voting.queries import RollLine
from deliberation.voting.services import Question
from deliberation.voting.states import CHOICE_WORDS, WAY_WORDS

CHOICES = [(one.value, _l(words)) for one, words in CHOICE_WORDS.items()]


class CastForm(BaseForm):
    """A member's vote; ``confirmed`` is set on the page that reads it back."""

    choice = choice(_l("Your vote"), CHOICES)
    confirmed = HiddenField()


class ReadOutForm(BaseForm):
    """The chair's confirmation; ``mark`` says which votes the page showed."""

    mark = HiddenField()


class TakeDownForm(BaseForm):
    """Votes as they were called out. The fields of the voters are added by `take_down_form`."""

    choices: Mapping[str, Any]

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        told = _l("Taken down meanwhile: %(state)s. If you are right, hand it in again; otherwise mark that.")
        return not told_of_changes(self, "v", told, self.choices) and good

    def votes(self) -> dict[int, str]:
        """What is marked, by person; those of whom nothing was taken down yet as ``rest`` says."""
        rest = self["rest"].data if self["rest"].data != "none" else None
        lines = [field for field in self if field.name.startswith("v")]
        marked = {int(field.name[1:]): field.data or (None if field.object_data else rest) for field in lines}
        return {person: said for person, said in marked.items() if said}


def take_down_form(voters: Iterable[RollLine], choices: Sequence[tuple[str, str]]) -> TakeDownForm:
    """A form with a row for each choice and voter, in the order given; nothing is chosen beforehand but what was
    taken down before."""
    voters, first = list(voters), choices[0]
    fields: dict[str, Any] = {f"v{one.person_id}": choice(one.name or "", choices, required=False) for one in voters}
    rest = (("none", _l("Those not marked have not voted")), (first[0], _("All others: %(choice)s", choice=first[1])))
    fields["rest"] = choice(_l("And those not marked?"), rest)
    fields |= {f"was_v{one.person_id}": HiddenField() for one in voters}
    known = {f"v{one.person_id}": one.choice for one in voters if one.choice}
    read = {f"was_v{one.person_id}": one.choice or "" for one in voters}
    made: TakeDownForm = type("TakeDownForm", (TakeDownForm,), {**fields, "choices": dict(choices)})(
        data={"rest": "none", **known, **read}
    )
    return made


class BallotForm(BaseForm):
    """A ballot of a question. Nothing is required: who leaves all empty is told so by `text`. ``confirmed``: the ballot in
    ``choice`` was read back."""

    choice = Pressed()
    confirmed = HiddenField()
    kind: Kind

    def text(self) -> str:
        """The ballot as `kinds.read` takes it. Raises `Invalid` for places that were given twice or left out."""
        data = self.data
        if self.kind is Kind.RANKED:
            return by_ranks({int(name[1:]): int(value) if value else None for name, value in data.items() if is_option(name)})
        if self.kind is Kind.RATING:
            return ",".join(f"{name[1:]}:{value or ''}" for name, value in data.items() if is_option(name))
        if self.kind is Kind.APPROVAL:
            return ",".join(data["options"] or [])
        return str(data.get("option") or data["choice"] or "")


def is_option(name: str) -> bool:
    return name[0] == "n" and name[1:].isdigit()


class AssistForm(BallotForm):
    """A ballot entered for a member: whose it is, and how that member asked for it."""

    member = OneOf(_l("Whose vote"), choices=[], validators=[InputRequired(_l("Please choose one of these."))])
    way = choice(_l("How the member asked"), [(one.value, _l(words)) for one, words in WAY_WORDS.items()])
    note = line(
        _l("When and how"), most=200,
        hint=_l("For example: 21 December, 9:40, called back on the home number. The member and the council's desk read it."),
    )  # fmt: skip

    def offer(self, waiting: Iterable[RollLine]) -> None:
        named = [SelectChoice(str(one.person_id), one.name or "") for one in waiting]
        self.member.choices = [SelectChoice("", _("Please choose")), *named]


def assist_form(paper: Paper, options: Sequence[str], waiting: Iterable[RollLine]) -> AssistForm:
    """The same ballot to be entered for one of those who have not voted."""
    fields = ballot_fields(paper, options)
    if paper.kind in (Kind.YES_NO, Kind.SINGLE):
        own = CHOICES if paper.kind is Kind.YES_NO else [*((str(n), one) for n, one in enumerate(options, 1)), CHOICES[-1]]
        fields["option"] = choice(_l("The member's vote"), own, required=None)
    made: AssistForm = type("AssistForm", (AssistForm,), fields)()
    made.offer(waiting)
    return made


def ballot_form(paper: Paper, options: Sequence[str]) -> BallotForm:
    """The form of one question's ballot: checkboxes, a place for each option, or a grade for each."""
    made: BallotForm = type("BallotForm", (BallotForm,), ballot_fields(paper, options))()
    return made


def ballot_fields(paper: Paper, options: Sequence[str]) -> dict[str, Any]:
    """The fields in which a ballot is filled in, by name; none where one press says it all."""
    numbers = [str(n) for n in range(1, paper.options + 1)]
    fields: dict[str, Any] = {"kind": paper.kind}
    if paper.kind is Kind.APPROVAL:
        fields["options"] = SelectMultipleField(
            _l("Options"),
            choices=[SelectChoice(n, text) for n, text in zip(numbers, options, strict=True)],
            validate_choice=False,
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
        )
    elif paper.kind is Kind.RANKED:
        named = [SelectChoice(str(n), _l("place %(n)s", n=n)) for n in range(1, paper.most + 1)]
        places = [SelectChoice("", _l("not named")), *named]
        fields |= {f"n{n}": OneOf(text, choices=places) for n, text in zip(numbers, options, strict=True)}
    elif paper.kind is Kind.RATING:
        grades = [(str(n), _l(word)) for n, word in enumerate(SCALES[paper.scale or ""], 1)]
        fields |= {f"n{n}": choice(text, grades, required=None) for n, text in zip(numbers, options, strict=True)}
    return fields


class AskForm(BaseForm):
    """A question of one kind; the fields that this kind does not have are taken out by `ask_form`."""

    about = choice(_l("To what on the agenda it belongs"), [], hint=_l("What was in the notice, or how this meeting goes on."))
    question = text(_l("The question"), most=300, rows=2)
    options = text(_l("The options"), most=4000, rows=6, hint=_l("One on a line, in the order in which they are to stand."))
    scale = choice(_l("Grades"), [(name, _l(words)) for name, words in SCALE_WORDS.items()])
    seats = whole_number(_l("How many win"), low=1, high=MOST_OPTIONS - 1)
    most = whole_number(
        _l("How many one ballot may name"), low=1, high=MOST_OPTIONS, required=False, hint=_l("Empty: all of them.")
    )
    method = choice(_l("How it is counted"), [])
    mode = choice(_l("How votes are kept"), [(one.value, _l(MODE_WORDS[one])) for one in (Mode.RECORDED, Mode.SECRET)])
    closes_at = LocalTimeField(
        _l("Last moment to answer"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[InputRequired(_l("Please fill this in."))],
    )  # fmt: skip

    def asked(self, kind: Kind) -> Question:
        data = self.data
        options = tuple(one.strip() for one in (data.get("options") or "").splitlines() if one.strip())
        seats = data.get("seats") or 1
        most = {Kind.SINGLE: 1, Kind.YES_NO: 1}.get(kind) or data.get("most") or len(options)
        method = data.get("method") or next(iter(METHODS.get(kind, ())), None)
        return Question(" ".join(data["question"].split()), kind, options, seats, most, data.get("scale"), method)


class ConfirmLotForm(BaseForm):
    """The chair's confirmation; ``seed`` says what the page showed."""

    seed = HiddenField()


class LotForm(BaseForm):
    """What was drawn in public."""

    seed = line(_l("What was drawn"), most=40, hint=_l("Letters and digits, such as 6 3 5 1."))


FIELDS_OF = {
    Kind.YES_NO: (),
    Kind.SINGLE: ("options",),
    Kind.APPROVAL: ("options", "seats", "most", "method"),
    Kind.RANKED: ("options", "seats", "method"),
    Kind.RATING: ("options", "scale"),
}


def ask_form(kind: Kind, *, by_correspondence: bool) -> AskForm:
    """The form of a question of this kind."""
    form = AskForm(data={"seats": 1, "mode": Mode.RECORDED.value, "method": next(iter(METHODS.get(kind, ())), None)})
    kept = (*FIELDS_OF[kind], "closes_at" if by_correspondence else "about")
    for name in ("about", "options", "scale", "seats", "most", "method", "closes_at"):
        if name not in kept:
            del form[name]
    if "method" in form:
        takes = TAKES[kind]
        fitting = [one for one in methods if methods[one].takes == takes and one != "plurality"]
        form.method.choices = [SelectChoice(name, _l(METHOD_WORDS[name]) if name in METHOD_WORDS else name) for name in fitting]
    if kind is Kind.RATING:
        form.options.label.text = _("What is rated")
    return form
