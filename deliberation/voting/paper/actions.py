"""What is recorded of paper in a secret vote: numbers and roots. Never a paper's content, never who took one."""

from deliberation.audit.actions import action, changed
from deliberation.kernel.words import N_

PRINT = action(
    "paper.print",
    N_("%(office)s printed ballot papers for the vote on %(label)s: %(n)s in all."),
    creates=("paper_poll",),
    changes={"paper_poll": ("printed",)},
    details=lambda body: {"n": changed(body, "paper_poll", "printed")},
)
VOID = action(
    "paper.void",
    N_("%(office)s exchanged a spoiled ballot paper in the vote on %(label)s: %(n)s in all."),
    changes={"paper_poll": ("voided",)},
    details=lambda body: {"n": changed(body, "paper_poll", "voided")},
)
BEGIN = action(
    "paper.begin", N_("%(office)s began an entry of the papers of the vote on %(label)s."), creates=("paper_entry",)
)  # fmt: skip
FINISH = action(
    "paper.finish",
    N_("%(office)s finished an entry of the papers of the vote on %(label)s: %(n)s papers."),
    changes={"paper_entry": ("papers", "root", "finished_at")},
    details=lambda body: {"n": changed(body, "paper_entry", "papers")},
)
DIFFER = action(
    "paper.differ",
    N_("The two entries of the papers of the vote on %(label)s do not agree: some papers are typed anew."),
    changes={"paper_entry": ("papers", "root", "finished_at")},
)
DISCARD = action(
    "paper.discard", N_("%(office)s discarded an entry of the papers of the vote on %(label)s."), deletes=("paper_entry",)
)  # fmt: skip
