"""What the room of reports records."""

from collections.abc import Mapping
from typing import Any

from deliberation.audit.actions import action, changed
from deliberation.kernel.words import N_


def _period(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(changed(body, "report_paper", name) or "")[:10] for name in ("since", "until")}


INTRODUCE = action(
    "report.introduce",
    N_("%(office)s wrote the introduction to a section of the report."),
    creates=("report_introduction",),
    changes={"report_introduction": ("number", "text", "at", "by_id")},
)
FILE = action(
    "report.file",
    N_("The report went out with the notice; it was composed from the records from %(since)s to %(until)s."),
    creates=("report_paper",),
    details=_period,
)
