"""The forms by which matters are proposed and proposals answered."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from deliberation.agenda.forms import whole_id
from deliberation.agenda.proposals import LONGEST_TEXT, LONGEST_TITLE
from deliberation.kernel.forms import BaseForm, line, text


class ProposalForm(BaseForm):
    title = line(_l("What should be deliberated?"), most=LONGEST_TITLE, hint=_l("Short, in the residents' words."))
    text = text(
        _l("Why, and for whom?"), most=LONGEST_TEXT, hint=_l("Who is troubled by what, where, since when. The council reads this.")
    )


class OpenProposalForm(BaseForm):
    title = line(_l("Title"), most=80, hint=_l("As it will hang on the board: short, in the residents' words."))
    problem = text(
        _l("What is the problem?"), hint=_l("Who is troubled by what, where, since when. No names, no house numbers.")
    )


class MergeForm(BaseForm):
    matter = SelectField(
        _l("Which matter"), coerce=whole_id, validate_choice=False, validators=[InputRequired(_l("Please choose one of these."))]
    )

    def validate_matter(self, field: Any) -> None:
        if field.data not in {one[0] for one in field.choices}:
            raise ValidationError(_l("Please choose one of these."))


class DeclineForm(BaseForm):
    reason = text(_l("Reason"), most=1000, hint=_l("The council reads this. Say where the member can turn next."))
