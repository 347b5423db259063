"""The forms about places in a hearing."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from deliberation.hearings.places import LONGEST_SOURCE
from deliberation.hearings.services import LONGEST_NAME, MOST_PARTICIPANTS
from deliberation.hearings.states import PARTY_WORDS, Party
from deliberation.kernel.forms import BaseForm, choice, line, whole_number
from deliberation.meetings.forms import TimedForm, moment

AGAIN = _l("Both times the same, please.")


class InviteForm(TimedForm):
    """One number a side is added by `invite_form`."""

    until = moment(_l("Applications are taken until"))
    seed_source = line(
        _l("What draws the lot"), most=LONGEST_SOURCE,
        hint=_l("Something that everybody can read then and nobody knows now, such as the welfare lottery’s numbers of a day."),
    )  # fmt: skip
    seed_at = moment(_l("From when everybody knows it"))

    def seats(self) -> dict[str, int]:
        return {party.value: self[f"seats_{party}"].data or 0 for party in Party}


def invite_form() -> InviteForm:
    fields: dict[str, Any] = {
        f"seats_{party}": whole_number(_l("Places: %(party)s", party=_l(words)), high=MOST_PARTICIPANTS, required=False)
        for party, words in PARTY_WORDS.items()
    }
    made: InviteForm = type("InviteForm", (InviteForm,), fields)()
    return made


class ApplyForm(BaseForm):
    """``name`` only for the clerk, who enters what came on paper."""

    name = line(_l("Name"), most=LONGEST_NAME, hint=_l("Only the council’s own people read it; everybody else reads a number."))
    party = choice(_l("I want to be heard as"), [(party.value, _l(word)) for party, word in PARTY_WORDS.items()])

    def offer(self, parties: list[str], *, on_paper: bool) -> None:
        self.party.choices = [SelectChoice(party, _l(PARTY_WORDS[Party(party)])) for party in parties]
        if not on_paper:
            del self.name


class DrawForm(BaseForm):
    seed = line(_l("What was drawn"), most=40, hint=_l("Letters and digits, such as 6 3 5 1."))
    again = line(_l("Once more"), most=40, hint=_l("It is written once and cannot be changed."))

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        if good and self.seed.data != self.again.data:
            self.again.errors = [*self.again.errors, AGAIN]
            return False
        return bool(good)
