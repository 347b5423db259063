from deliberation.audit.actions import action
from deliberation.kernel.words import N_

PIN = action(
    "noticeboard.pin",
    N_("%(office)s pinned a notice to the board."),
    creates=("noticeboard_notice",),
    changes={"noticeboard_notice": ("text", "closed", "pinned_at")},
)
