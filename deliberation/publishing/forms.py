"""Forms of the publishing room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from deliberation.kernel.forms import BaseForm, text
from deliberation.publishing.services import LONGEST_EFFECT, LONGEST_REASON


class ResolveForm(BaseForm):
    effect = text(
        _l("What this resolution can bind"),
        most=LONGEST_EFFECT,
        rows=4,
        hint=_l("It stands under the resolution, for everybody to read. Reword it where the case is different."),
    )


class VoidForm(BaseForm):
    reason = text(
        _l("Why is the number void?"),
        most=LONGEST_REASON,
        rows=3,
        hint=_l("The reason is public. The number stays listed and is not given again."),
    )
