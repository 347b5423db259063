"""The five appeals of the case, as the builders' world files them."""

from deliberation.appeals import services
from deliberation.kernel import clock
from tests.builders import at, do

CASE = (
    ("walk_in", "2026-01-12T09:20", "3幢楼下公共绿地被圈起来种青菜，走路都绕着走。"),
    ("phone", "2026-01-12T15:05", "有人在绿地浇粪肥，夏天肯定招蚊蝇。"),
    ("online", "2026-01-13T20:41", "草坪是大家的，为什么变成几家的菜园？"),
    ("visit", "2026-01-15T10:00", "走访记录：住户表示种菜是多年习惯，希望别一下子全铲掉。"),
    ("paper", "2026-01-16T14:30", "书面来信：建议社区统一规划，种花不种菜。"),
)
PHONE, NAME = "13800138000", "Canary Zhou"


def file_all(world):
    """The case's five appeals, each at its own time; the online one by a resident."""
    filed = []
    for channel, when, text in CASE:
        actor = world["R01"] if channel == "online" else world["C01"]
        with clock.frozen(at(when)):
            name = None if channel == "online" else NAME
            filed.append(
                do(
                    lambda channel=channel, text=text, actor=actor, name=name: services.file(
                        world.council, channel=channel, text=text, name=name, contact=PHONE, actor=actor
                    )
                )
            )
    return filed
