"""The forms of a vote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from deliberation.kernel.forms import BaseForm, choice
from deliberation.voting.queries import RollLine
from deliberation.voting.states import CHOICE_WORDS, Choice

CHOICES = [(one.value, _l(words)) for one, words in CHOICE_WORDS.items()]
REST = (("none", _l("Those not marked have not voted")), ("for", _l("All others are for")))


class CastForm(BaseForm):
    """A member's vote; ``confirmed`` is set on the page that reads it back."""

    choice = choice(_l("Your vote"), CHOICES)
    confirmed = HiddenField()


class ReadOutForm(BaseForm):
    """The chair's confirmation; ``mark`` says which votes the page showed."""

    mark = HiddenField()


class TakeDownForm(BaseForm):
    """Votes as they were called out. The fields of the voters are added by `take_down_form`."""

    def votes(self) -> dict[int, Choice]:
        """What is marked, by person; those not marked as ``rest`` says."""
        marked: dict[int, Choice] = {}
        for field in self:
            if field.name.startswith("v"):
                if field.data:
                    marked[int(field.name[1:])] = Choice(field.data)
                elif self["rest"].data == "for":
                    marked[int(field.name[1:])] = Choice.FOR
        return marked


def take_down_form(voters: Iterable[RollLine]) -> TakeDownForm:
    """A form with three rows for each of these voters, in the order given; nothing is chosen beforehand but what was
    taken down before."""
    voters = list(voters)
    fields: dict[str, Any] = {f"v{one.person_id}": choice(one.name or "", CHOICES, required=False) for one in voters}
    fields["rest"] = choice(_l("And those not marked?"), REST)
    made: TakeDownForm = type("TakeDownForm", (TakeDownForm,), fields)(
        data={"rest": "none", **{f"v{one.person_id}": one.choice for one in voters if one.choice}}
    )
    return made
