"""Builders for this room's tests: a matter that is being carried out, with its resolution and its comments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from deliberation.agenda import services as agenda
from deliberation.agenda.models import Matter
from deliberation.agenda.states import Act
from deliberation.appeals import services as appeals
from deliberation.councils.authority import authorize
from deliberation.implementation import services
from deliberation.implementation.models import Task
from deliberation.kernel import clock
from deliberation.people.permissions import Permission
from deliberation.publishing import services as publishing
from deliberation.review import answers
from deliberation.review import services as review
from deliberation.review.models import Comment
from tests.builders import World, at, do

POINTS = (
    "Every bed but one kind is cleared.",
    "Clearing goes down day by day.",
    "Members' households clear at once.",
    "Flowers are planted.",
)
COMMENTS = (
    ("support", "About time."),
    ("condition", "Can somebody help my old father?"),
    ("oppose", "A little onion harms nobody."),
)
START = at("2026-03-02T09:00")


def adopted(world: World, *, title: str = "Green", points: Sequence[str] = POINTS, appellants: int = 0,
            start: datetime = START) -> Matter:  # fmt: skip
    """A matter whose text the council has adopted and that lies on the forum, open for comment from ``start``."""
    with clock.frozen(start):
        filed = [
            do(lambda n=n: appeals.file(world.council, channel="phone", text=f"Complaint {n}", actor=world["V01"]))
            for n in range(appellants)
        ]
        matter = do(lambda: agenda.open_matter(world.council, title=title, problem="A problem.", actor=world["S01"]))
        if filed:
            do(lambda: appeals.merge([one.appeal for one in filed], matter, actor=world["S01"]))
        do(lambda: agenda.hand_over(matter, Act.TO_COMMITTEE, actor=world["S01"]))
        do(lambda: agenda.write_plan(matter, points, powers="persuade", actor=world["S01"]))
        do(lambda: agenda.hand_over(matter, Act.TO_COUNCIL, actor=world["S01"]))
        do(lambda: agenda.adopt_text(matter, kept(matter), capacity=authorize(world["S01"], Permission.PLAN_WRITE, world.council)))
        do(lambda: agenda.hand_over(matter, Act.TO_FORUM, actor=world["P01"]))
        do(lambda: review.open_window(matter, actor=world["S01"]))
    return matter


def kept(matter: Matter) -> list[tuple[str, str]]:
    version = matter.current_version
    assert version is not None
    return [(paragraph.key, paragraph.text) for paragraph in version.paragraphs]


def commented(
    world: World, matter: Matter, comments: Sequence[tuple[str, str]] = COMMENTS, *, start: datetime = START
) -> list[Comment]:
    """Comments on the matter's open window, each answered."""
    window = review.windows_of(matter)[-1][0]
    made = []
    with clock.frozen(start + timedelta(hours=1)):
        for stance, text in comments:
            made.append(do(lambda stance=stance, text=text: review.comment(window, stance, text, actor=world["R01"])))
        for comment in made:
            do(lambda comment=comment: answers.reply(comment, "noted", "Thank you.", actor=world["S01"]))
    return made


def implementing(world: World, *, title: str = "Green", appellants: int = 0, comments: Sequence[tuple[str, str]] = COMMENTS,
                 start: datetime = START) -> tuple[Matter, list[Comment]]:  # fmt: skip
    """A matter with its numbered resolution, in step 5 from ten days after ``start``, and its comments."""
    matter = adopted(world, title=title, appellants=appellants, start=start)
    made = commented(world, matter, comments, start=start)
    with clock.frozen(start + timedelta(days=10)):
        do(lambda: publishing.resolve(matter, "It binds members and persuades everybody else.", actor=world["P01"]))
        do(lambda: agenda.hand_over(matter, Act.TO_IMPLEMENTATION, actor=world["P01"]))
    return matter, made


def set_task(world: World, matter: Matter, **options: object) -> Task:
    """A task of the station, due a month later, set on the morning after the resolution."""
    given = {"what": "Clear", "owner_kind": "station", "owner": "Service station", "due_on": date(2026, 4, 22), **options}
    with clock.frozen(START + timedelta(days=11)):
        return do(lambda: services.set_task(matter, **given, actor=world["S01"]))  # type: ignore[arg-type]
