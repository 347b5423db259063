"""The case 「莫让社区变农庄」 walked through the pages by its people, from the first appeal to the closed matter."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from deliberation.agenda.states import HANDOVER_WORDS, Act
from deliberation.audit.services import verify
from deliberation.extensions import db
from deliberation.kernel import clock
from tests.browser.visitors import Visitor, zh
from tests.builders import World, at

pytestmark = pytest.mark.browser

POINTS = json.loads((Path(__file__).parents[1] / "data" / "mochou_resolved.json").read_text(encoding="utf-8"))
HOME = "/c/mochou"
MATTER = f"{HOME}/agenda/2026-1"
ONLINE, WALKED_IN = "QS-2026-0001", "QS-2026-0002"
STEPPED_BACK, ABSENT = "M04", ("M17", "M18", "M19")
WHOLE_TEXT, FIRST, SECOND = 0, 1, 2


def on(moment: str) -> AbstractContextManager[None]:
    """The clock stands at this local time, for the server too."""
    return clock.frozen(at(moment))


@dataclass
class Vote:
    """How one vote goes: what the member says on the phone, who of the others is against, who abstains."""

    label: str
    phone: str
    against: tuple[str, ...]
    abstain: tuple[str, ...]
    expect: tuple[int, int, int]


# In the order in which they must be put: what changes a text before the text.
VOTES = (
    Vote("A1-1", "against", ("M05",), ("M06",), (14, 2, 1)),
    Vote("A1", "for", ("M07", "M08", "M09"), ("M10",), (13, 3, 1)),
    Vote("A2", "for", ("M07", "M11", "M12", "M13"), ("M14",), (12, 4, 1)),
    Vote("A3", "abstain", (), (), (16, 0, 1)),
    Vote("A4", "for", (), (), (17, 0, 0)),
    Vote("A5", "for", ("S01", *(f"M{n:02d}" for n in range(5, 15))), ("P01",), (5, 11, 1)),
    Vote("M1", "for", ("M07",), ("M08",), (15, 1, 1)),
)
LOST = ("A5",)
CHOICES = {
    "for": ("For", "Vote for"),
    "against": ("Against", "Vote against"),
    "abstain": ("Abstain", "Record that I abstain"),
}


@dataclass
class Cast:
    """Who takes part, each at a browser of their own."""

    numbers: dict[str, str]
    resident: Visitor
    station: Visitor
    secretary: Visitor
    clerk: Visitor
    chair: Visitor
    member: Visitor
    neighbour: Visitor
    passer_by: Visitor
    session: str = ""

    def sign_in(self, *codes: str) -> None:
        """Everybody, or those named; a login lasts ninety days."""
        for code in codes or self.people:
            self.people[code].sign_in(f"mochou-{code.lower()}")

    @property
    def people(self) -> dict[str, Visitor]:
        return {
            "R01": self.resident, "V01": self.station, "S01": self.secretary, "C01": self.clerk,
            "P01": self.chair, "M02": self.member, STEPPED_BACK: self.neighbour,
        }  # fmt: skip


@pytest.fixture
def cast(world: World, new_visitor: Callable[..., Visitor]) -> Cast:
    phone = {"width": 390, "height": 844}
    numbers = {code: str(person.id) for code, person in world.people.items()}
    # What the fixture has read would else stay open beside the requests.
    db.session.rollback()
    return Cast(
        numbers,
        resident=new_visitor("the resident", **phone),
        station=new_visitor("the service station"),
        secretary=new_visitor("the secretary-general"),
        clerk=new_visitor("the clerk"),
        chair=new_visitor("the chair"),
        member=new_visitor("the member", **phone),
        neighbour=new_visitor("the member who steps back", **phone),
        passer_by=new_visitor("a passer-by", **phone),
    )


def test_the_case_goes_through_the_pages_from_the_first_appeal_to_the_closed_matter(cast: Cast) -> None:
    collect(cast)
    draft(cast)
    call_the_session(cast)
    deliberate(cast)
    comment(cast)
    answer_and_resolve(cast)
    carry_out(cast)
    close(cast)
    assert [found.bad_seq for found in verify()] == [None, None]


# Step 1


def collect(cast: Cast) -> None:
    with on("2026-01-12T09:20"):
        cast.sign_in("R01", "V01", "S01")
        resident, station, secretary = cast.resident, cast.station, cast.secretary
        resident.open(f"{HOME}/appeals").look("appeals-resident").press("Raise an appeal").look("appeal-new")
        resident.fill(text="草坪是大家的，为什么变成几家的菜园？", contact="138 0000 2222")
        resident.press("Hand in the appeal").sees(ONLINE, "2026年2月12日").look("appeal-receipt")
        station.open(f"{HOME}/appeals").press("Take down an appeal").look("appeal-take-down")
        station.fill(channel="walk_in", text="3幢楼下公共绿地被圈起来种青菜，走路都绕着走。", name="3幢住户", contact="当面答复")
        station.press("Enter it and print the receipt").sees(WALKED_IN, "3幢楼下")
        station.open(f"{HOME}/appeals").look("appeals-desk").open(f"{HOME}/appeals/{ONLINE}").press("Give the receipt")
        cast.passer_by.open(f"{HOME}/appeals/{ONLINE}").misses("草坪").misses("138").look("appeal-public")
    with on("2026-01-19T09:30"):
        secretary.open(f"{HOME}/appeals").press("Bring appeals together").look("appeals-merge")
        secretary.fill(appeals=[ONLINE, WALKED_IN], matter="new", title="莫让社区变农庄")
        secretary.fill(problem="居民在自家院落和公共绿地种植蔬菜：占用绿地、浇粪招蚊蝇；也有住户说这是多年习惯。")
        secretary.press("Bring them together").sees("莫让社区变农庄")
        assert secretary.path == MATTER
        secretary.look("matter-1-collecting")
    with on("2026-02-10T10:00"):
        for number in (ONLINE, WALKED_IN):
            secretary.open(f"{HOME}/appeals/{number}").press("Interim reply, move the last day once")
            secretary.fill(text="已列入议题，结果另行告知。", reason="拟于三月下旬由议事会讨论", extends_to="2026-04-30")
            secretary.press("Give the interim reply and extend").sees("拟于三月下旬由议事会讨论")
    with on("2026-03-02T09:00"):
        hand_over(secretary, Act.TO_COMMITTEE)


def hand_over(visitor: Visitor, act: Act) -> None:
    """From the matter's page: the link, what is handed over, the signature."""
    words = HANDOVER_WORDS[act]
    visitor.open(MATTER).press(words).look(f"hand-over-{act.value}").press(words)
    visitor.reads("Handed over. The hand-over is signed into the log.")


# Step 2


def draft(cast: Cast) -> None:
    with on("2026-03-16T10:00"):
        secretary = cast.secretary
        secretary.open(MATTER).press("Write the plan").look("plan-new")
        secretary.fill(
            text="彻底清除。\n第一步自清，第二步组织人员清除。",
            analysis="公共绿地属共有部分，改变用途不属本会职权；本案限于劝导清除、恢复绿化。",
            powers="persuade",
            powers_note="改变公共绿地用途须业主依法共同决定，本会只作劝导和组织。",
        )
        secretary.press("Keep as version %(number)s", number=1)
        assert secretary.texts(".plan li div > p") == ["彻底清除。", "第一步自清，第二步组织人员清除。"]
        secretary.reads("Check of powers").look("matter-2-drafting")
        cast.passer_by.open(MATTER).misses("彻底清除。")
        hand_over(secretary, Act.TO_COUNCIL)
        cast.passer_by.open(MATTER).sees("彻底清除。")


# Step 3


def call_the_session(cast: Cast) -> None:
    with on("2026-03-20T09:00"):
        cast.sign_in()
        secretary = cast.secretary
        secretary.open(f"{HOME}/meetings/").press("Plan a session").look("session-new")
        plan_session(secretary, "2026-03-25T14:30", status=422)
        assert secretary.path == f"{HOME}/meetings/new", "four clear days are too few"
        secretary.sees("2026年3月26日").look("session-too-near")
        secretary.fill(starts_at="2026-03-26T14:30").press("Put it on the calendar")
        cast.session = secretary.path
        cast.passer_by.open(cast.session, status=404)
        secretary.press("Send the notice")
        cast.passer_by.open(cast.session).sees("社区会议室", "绿地现状图").look("session-called")
    with on("2026-03-25T19:00"):
        neighbour = cast.neighbour
        neighbour.open(MATTER).press("Stepping back from this matter").press("Ask to step back").look("recusal-ask")
        neighbour.fill(reason="本人家庭菜地为被反映地块，自行申请回避").press("Ask to step back").reads("waits for the president")


def plan_session(visitor: Visitor, starts_at: str, *, status: int = 200) -> None:
    only = visitor.page.locator('input[name="matters"]').get_attribute("value") or ""
    visitor.fill(starts_at=starts_at, place="社区会议室", matters=only, materials="问题清单\n方案第一稿\n绿地现状图")
    visitor.press("Put it on the calendar", status=status)


def deliberate(cast: Cast) -> None:
    with on("2026-03-26T14:20"):
        clerk, chair = cast.clerk, cast.chair
        clerk.open(cast.session).press("Keep the roster")
        members = {code: number for code, number in cast.numbers.items() if code[0] in "PSM"}
        clerk.fill(**{f"m{number}": "excused" if code in ABSENT else "attending" for code, number in members.items()})
        clerk.look("roster").press("Keep this roster")
        clerk.reads("%(present)s present of %(entitled)s entitled", present=18, entitled=21)
    with on("2026-03-26T14:30"):
        chair.open(f"{MATTER}/recusals").look("recusals").press("Approve").reads("approved")
        chair.open(cast.session).press("Open the session").look("session-open")
        chair.press("Call up: %(title)s", title="莫让社区变农庄")
        clerk.open(cast.session).press("Note a speech").look("speech-new")
        clerk.fill(speaker=cast.numbers["M09"], stance="con", gist="彻底清除会使土地裸露在外，既不美观又易扬尘。")
        clerk.press("Note the speech").sees("易扬尘")
        cast.passer_by.open(cast.session).misses("易扬尘")
        cast.neighbour.open(cast.session)
        assert not cast.neighbour.may_press("Move that this plan be adopted"), "who stepped back moves nothing"
    with on("2026-03-26T15:00"):
        move(cast)
    for minute, vote in enumerate(VOTES):
        with on(f"2026-03-26T15:{20 + 5 * minute}"):
            take_the_vote(cast, vote)
    with on("2026-03-26T16:05"):
        chair.open(cast.session).press("Close the session").press("Close the session").look("session-closed")
        cast.passer_by.open(f"{MATTER}/motions/").look("motions-settled").open(MATTER)
        assert cast.passer_by.texts(".plan li div > p") == POINTS
        cast.passer_by.look("matter-3-adopted").open(chair.path)
    with on("2026-03-27T07:50"):
        hand_over(cast.secretary, Act.TO_FORUM)


def move(cast: Cast) -> None:
    """The motions of the case: some from the member's phone, the others as the clerk hears them."""
    clerk, member, secretary = cast.clerk, cast.member, cast.secretary
    secretary.open(cast.session).press("Move that this plan be adopted").look("motion-main-new").press("Make this motion")
    taken_down_second(cast, "M1", "M05")
    member.open(cast.session).press("Propose an amendment").look("amendment-new")
    member.fill(op="replace", paragraph=FIRST, text="除菊花脑以外的蔬菜必须清除。").press("Make this motion").sees("A1")
    assert not member.may_press("Second %(label)s", label="A1"), "nobody seconds their own motion"
    taken_down_second(cast, "A1", "M05")
    clerk.open(cast.session).press("Reword %(label)s", label="A1").look("secondary-new")
    clerk.fill(member=cast.numbers["M06"], text=POINTS[0]).press("Make this motion")
    member.open(cast.session).press("Second %(label)s", label="A1-1")
    taken_down_amendment(cast, "M07", op="replace", paragraph=SECOND, text=POINTS[1])
    member.open(cast.session).press("Second %(label)s", label="A2").look("session-member")
    taken_down_amendment(cast, "M08", op="insert_after", paragraph=SECOND, text=POINTS[2])
    taken_down_second(cast, "A3", "M09")
    taken_down_amendment(cast, "M10", op="insert_at_end", paragraph=WHOLE_TEXT, text=POINTS[3])
    taken_down_second(cast, "A4", "M11")
    taken_down_amendment(cast, "M12", op="insert_at_end", paragraph=WHOLE_TEXT, text="划出部分绿地作为认养菜园。")
    taken_down_second(cast, "A5", "M13")
    cast.passer_by.open(f"{MATTER}/motions/").look("motions").open(f"{MATTER}/motions/A1-1").look("motion-secondary")


def taken_down_amendment(cast: Cast, mover: str, *, op: str, paragraph: int, text: str) -> None:
    cast.clerk.open(cast.session).press("Propose an amendment")
    cast.clerk.fill(member=cast.numbers[mover], op=op, paragraph=paragraph, text=text).press("Make this motion").sees(text)


def taken_down_second(cast: Cast, label: str, seconder: str) -> None:
    cast.clerk.open(cast.session).press("Take down who seconds %(label)s", label=label)
    cast.clerk.fill(member=cast.numbers[seconder]).press("Take down the second").reads("%(label)s is seconded.", label=label)


def take_the_vote(cast: Cast, vote: Vote) -> None:
    """The chair puts it, the member votes on the phone, the clerk takes the others down, the chair reads out and counts."""
    chair, clerk, member = cast.chair, cast.clerk, cast.member
    chair.open(cast.session)
    ready = [one.label for one in VOTES if chair.may_press("Put %(label)s to the vote", label=one.label)]
    assert ready == [vote.label], "only one motion can be put: the next in order"
    chair.press("Put %(label)s to the vote", label=vote.label)
    choose, confirm = CHOICES[vote.phone]
    member.open(cast.session).press("Vote on %(label)s", label=vote.label).look("vote-cast")
    member.press(choose).look("vote-read-back").press(confirm).reads("Your vote")
    clerk.open(cast.session).press("Take down the votes on %(label)s", label=vote.label)
    clerk.fill(**{f"v{cast.numbers[code]}": "against" for code in vote.against})
    clerk.fill(**{f"v{cast.numbers[code]}": "abstain" for code in vote.abstain}, rest="for")
    clerk.look("vote-take-down").press("Take these votes down")
    chair.open(cast.session).press("Confirm the votes as read out").look("vote-read-out")
    chair.press("Confirm as read out").press("Close the vote and count")
    word = zh("Not carried" if vote.label in LOST else "Carried")
    assert chair.texts(".verdict-word")[0].endswith(word), vote.label
    assert tuple(map(int, chair.texts(".verdict .tally-main dd"))) == vote.expect, vote.label
    chair.look(f"vote-{vote.label}-verdict")


# Step 4


def comment(cast: Cast) -> None:
    forum = f"{HOME}/forum/2026-1"
    resident, clerk = cast.resident, cast.clerk
    with on("2026-03-27T08:00"):
        cast.secretary.open(forum).press("Open it for comment").sees("2026年4月3日（周五）24:00").look("forum-open")
    with on("2026-03-29T19:45"):
        resident.open(forum).press("Write a comment").look("comment-new")
        resident.fill(stance="condition", paragraph=SECOND, text="我家老人腿脚不好，清不动，能不能派人帮忙？")
        resident.press("Hand in the comment").sees("C-01", "能不能派人帮忙")
        resident.press("Write a comment").fill(stance="support", text="支持，可打我电话13800001101一起清。")
        resident.press("Hand in the comment", status=422).reads("Everybody may read this number").look("comment-number")
        resident.fill(public="y").press("Hand in the comment").sees("C-02")
    with on("2026-04-01T09:30"):
        cast.station.open(forum).press("Enter a comment from paper").look("comment-transcribe")
        cast.station.fill(stance="support", text="（书面）支持四条。", paper_no="议事园意见箱-01")
        cast.station.press("Enter the comment").sees("C-03", "议事园意见箱-01")
    with on("2026-04-03T09:00"):
        clerk.open(forum).press_at("Cover a place", "C-02").look("comment-mask")
        clerk.fill(text="支持，可打我电话〔号码已遮盖〕一起清。", rule="personal_details", reason="留言中有电话号码。")
        clerk.press("Cover it").misses("13800001101").sees("〔号码已遮盖〕")
        cast.passer_by.open(forum).misses("13800001101").sees("留言中有电话号码。").look("forum-masked")
    with on("2026-04-04T00:00:01"):
        resident.open(f"{forum}/comment", status=409).sees("2026年4月3日").look("comment-too-late")


def answer_and_resolve(cast: Cast) -> None:
    forum, secretary = f"{HOME}/forum/2026-1", cast.secretary
    answers = {
        "C-01": ("adopted", "实施阶段安排志愿者上门帮助。"),
        "C-02": ("noted", "已由服务站联系。"),
        "C-03": ("noted", "感谢支持。"),
    }
    with on("2026-04-06T09:00"):
        for label, (disposition, text) in answers.items():
            secretary.open(forum)
            assert not secretary.may_press("Issue the resolution"), f"{label} is still owed an answer"
            secretary.press_at("Answer", label).look("comment-answer")
            secretary.fill(disposition=disposition, text=text).press("Publish the answer").sees(text)
    with on("2026-04-07T10:00"):
        secretary.open(forum).look("forum-answered").press("Issue the resolution").look("resolution-new")
        secretary.press("Give it its number")
        assert secretary.texts(".docnumber") == ["莫社议决〔2026〕1号"]
        points = secretary.page.locator(".document .body").first.locator("p").all_inner_texts()
        assert points == [f"{number}. {text}" for number, text in enumerate(POINTS, 1)]
        cast.passer_by.open(secretary.path).look("resolution")
        hand_over(secretary, Act.TO_IMPLEMENTATION)


# Step 5


def carry_out(cast: Cast) -> None:
    tasks, secretary, station = f"{MATTER}/tasks", cast.secretary, cast.station
    with on("2026-04-08T09:00"):
        secretary.open(tasks).press("Set a task").look("task-new")
        secretary.fill(what="其余32块逐天递减清零", kind="work", owner_kind="station", owner="社区党员服务站", due_on="2026-04-22")
        secretary.fill(total=32, unit="块").press("Set the task")
        secretary.press("Set a task")
        secretary.fill(what="逐件答复反映人", kind="answer_appellants", owner_kind="secretary", owner="秘书长", due_on="2026-04-30")
        secretary.press("Set the task").look("tasks-set")
    for day, remaining in ((13, 29), (17, 17), (20, 5), (22, 0)):
        with on(f"2026-04-{day}T18:00"):
            station.open(tasks).press("Report on %(label)s", label="T1").fill(remaining=remaining).press("Hand in the report")
    with on("2026-04-22T18:05"):
        station.look("tasks-progress").press("Declare %(label)s done", label="T1").look("task-complete").press("Declare it done")


def close(cast: Cast) -> None:
    tasks, secretary = f"{MATTER}/tasks", cast.secretary
    with on("2026-04-28T10:00"):
        assert not secretary.open(tasks).may_press("Close the matter"), "the appellants are still owed an answer"
        for number in (ONLINE, WALKED_IN):
            secretary.open(f"{HOME}/appeals/{number}").press("Give the final reply").look("appeal-answer")
            secretary.fill(text="绿地种菜一事已形成决议并实施：32块菜地已清零。", means="direct").press("Give the final reply")
        cast.resident.open(f"{HOME}/appeals/{ONLINE}").sees("32块菜地已清零").press("Rate the reply").look("appeal-rate")
        cast.resident.fill(grade="satisfied").press("Hand in the rating").look("appeal-rated")
    with on("2026-04-30T09:00"):
        secretary.open(tasks).press("Declare %(label)s done", label="T2").press("Declare it done").press("Close the matter")
        secretary.reads("Carried out and closed.").look("tasks-closed")
        tell_the_story(cast.passer_by)


def tell_the_story(reader: Visitor) -> None:
    """What anybody can read afterwards, without an account."""
    reader.open("/").sees("莫社议决〔2026〕1号").look("home")
    reader.open(MATTER).look("matter-6-closed")
    hands = reader.texts('section[aria-labelledby="hands"] li .title')
    steps = [zh(step) for step in ("Draft", "Adopt", "Public review", "Implement")]
    assert len(hands) == len(steps)
    reader.open(f"{MATTER}/log").look("trail-of-the-matter")
    told = reader.texts(".timeline-sentence")[::-1]
    handed = [line for line in told if zh("%(office)s handed matter %(label)s over: from %(giver)s to %(taker)s, step “%(step)s”.")
              .partition("%(label)s")[2].partition("%(giver)s")[0] in line]  # fmt: skip
    assert len(handed) == len(steps)
    assert all(step in line for step, line in zip(steps, handed, strict=True))
    assert any("决议〔2026〕1号" in line for line in told)
    reader.open(f"{HOME}/log/").look("trail").follow("a.check").look("trail-entry")
