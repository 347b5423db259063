"""The verbs of rating rounds that can stand in a ``.yaml`` of acts; see `deliberation.demo.acts` for how they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from deliberation.demo.acts import Stage, day, verb
from deliberation.evaluations import promises, queries, services, sorting
from deliberation.evaluations.models import Finding
from deliberation.extensions import transaction
from deliberation.meetings import secret_votes
from deliberation.meetings import services as meetings
from deliberation.people import services as people
from deliberation.people.models import Person
from deliberation.voting.paper import services as papers
from deliberation.voting.secret import box


@verb
def evaluation(stage: Stage, *, by: Person, starts_at: Any, place: str, materials: Sequence[str] = ()) -> Any:
    """The year's evaluation meeting. The chair is P01, the clerk C01."""
    begins = datetime.fromisoformat(str(starts_at)).replace(tzinfo=stage.zone)
    return meetings.plan(
        stage.council, starts_at=begins, place=place, matters=[], materials=list(materials), chair=stage.people["P01"],
        clerk=stage.people["C01"], kind="evaluation", actor=by,
    )  # fmt: skip


@verb
def rating(
    stage: Stage, *, by: Person, meeting: str, title: str, group: str, scale: str, rated: Sequence[Mapping[str, str]],
    listed: Sequence[str], invented: Sequence[str],
) -> Any:  # fmt: skip
    """A round with those on its list: ``listed`` are people of the play, ``invented`` appear only here. C01 enters them."""
    with transaction():
        new = [people.add_person(code) for code in invented]
    with transaction():
        round_ = services.plan(stage.things[meeting], title=title, group=group, scale=scale, actor=by)
    for one in rated:
        with transaction():
            services.add_subject(round_, one["kind"], one["name"], actor=by)
    with transaction():
        services.list_raters(round_, [*(stage.people[code] for code in listed), *new], actor=stage.people["C01"])
    return round_


@verb
def rate_secretly(
    stage: Stage, *, by: Person, round: str, scrutineers: Sequence[str], phones: Mapping[str, int], paper: Mapping[str, int],
    comments: Sequence[str],
) -> None:  # fmt: skip
    """The whole round: put, key, papers, so many ballots of each kind by telephone and on paper, typed in by C01 and S01,
    counted. The first on the list rate by telephone; the ``comments`` come with the first of their ballots."""
    round_ = stage.things[round]
    with transaction():
        poll = services.put(round_, actor=by)
        keepers = [stage.people[code] for code in scrutineers]
        sheets = [sheet.digits for _holder, sheet in secret_votes.make_key(poll, keepers, 2, actor=by)]
    for digits in sheets[:2]:
        with transaction():
            secret_votes.read_back(poll, " ".join(digits), actor=by)
    marked = [content for content, number in paper.items() for _ in range(number)]
    with transaction():
        serials = papers.print_papers(poll, len(marked), actor=stage.people["C01"])
    with transaction():
        secret_votes.open_(poll, actor=by)
    raters = queries.raters(round_)
    said = [ballot for ballot, number in phones.items() for _ in range(number)]
    for n, (rater, ballot) in enumerate(zip(raters, said, strict=False)):
        with transaction():
            box.cast(poll, ballot, box.new_token(), beside_it=comments[n] if n < len(comments) else "", actor=rater)
    with transaction():
        for rater in raters[len(said) :]:
            papers.hand_out(poll, rater, actor=stage.people["C01"])
    with transaction():
        secret_votes.close(poll, actor=by)
    for code in ("C01", "S01"):
        with transaction():
            papers.begin(poll, actor=stage.people[code])
            for serial, content in zip(serials, marked, strict=True):
                papers.type_in(poll, serial, content, actor=stage.people[code])
            papers.finish(poll, actor=stage.people[code])
    with transaction():
        secret_votes.count(poll, [" ".join(one) for one in sheets[:2]], actor=by)


@verb
def comment_on_paper(stage: Stage, *, by: Person, round: str, text: str) -> None:
    sorting.type_comment(stage.things[round], text, actor=by)


@verb
def sort(stage: Stage, *, by: Person, round: str, finding: str = "", aside: str = "", comments: Sequence[str]) -> Finding | None:
    """A finding with the comments that come to it, by how they begin; or comments set ``aside`` for a reason."""
    round_ = stage.things[round]
    made = None
    if finding:
        with transaction():
            made = sorting.find(round_, finding, actor=by)
    for start in comments:
        with transaction():
            (one,) = [one for one in queries.comments(round_) if (one.text.value or "").startswith(start)]
            sorting.settle(one, finding=made, aside=aside or None, actor=by)
    return made


@verb
def publish_rating(stage: Stage, *, by: Person, round: str) -> None:
    services.publish(stage.things[round], actor=by)


@verb
def promise(
    stage: Stage, *, by: Person, round: str, finding: str, text: str, owner_kind: str, owner: str, due: Any
) -> Any:  # fmt: skip
    return promises.promise(
        stage.things[round], text=text, owner_kind=owner_kind, owner=owner, due_on=day(due), finding=stage.things[finding], actor=by
    )


@verb
def end_promise(stage: Stage, *, by: Person, promise: str, outcome: str, done: str) -> None:
    promises.end(stage.things[promise], outcome, done, actor=by)
