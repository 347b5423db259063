"""What is measured: an open poll with a large electorate, and matters at the forum with ever more comments."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import flask_migrate
from argon2 import PasswordHasher
from flask import Flask

from bench import ideal
from deliberation.app import create_app
from deliberation.kernel import clock
from deliberation.meetings import votes
from deliberation.people import services as people
from deliberation.review.models import CommentWindow
from deliberation.review.stances import Stance
from tests.builders import World, at, do, make_world
from tests.motions.debates import Op, amendment, main, sitting_of
from tests.review.scenes import at_the_forum, opened

PASSWORD = "a plain test passphrase"
NOW = at("2026-03-28T10:00")
SIZES = (100, 1000, 10_000)
TEXTS = (
    "建议先把已经种下的菜收完再清理，给种菜的老人家留一个月时间，通知要贴到每个单元门口，也请楼组长上门说一声。",
    "支持清理。楼下绿地是大家的，种菜浇肥味道大，夏天蚊子也多，希望清理以后真的把花种上，不要又荒着。",
    "清理之后谁来养护？物业费里有没有这一项？请写清楚每月谁负责浇水、谁负责检查，免得过半年又变回菜地。",
)


@dataclass
class Scene:
    real: Flask
    ideal: Flask
    logins: list[str]
    resident: str
    poll_id: int
    matters: dict[int, str]


def make(folder: Path, voters: int) -> Scene:
    """Two databases with the same settings: the platform's and the ideal's."""
    people.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    real = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder}/real.db", "SECRET_KEY": "bench"})
    plain = ideal.create_app(f"sqlite:///{folder}/ideal.db")
    with real.app_context():
        flask_migrate.upgrade(revision="head")
        world = make_world(seats=voters)
        members = [code for code in world.people if code[0] == "M"]
        logins = [world.account(code) for code in members]
        resident = world.account("R01")
        poll_id = open_poll(world)
        windows = {size: opened(world, at_the_forum(world, f"Vegetables on the green, {size}")) for size in SIZES}
        matters = {size: window.matter.no for size, window in windows.items()}
        for size, window in windows.items():
            fill(folder / "real.db", window, size, [world[code].id for code in members])
    with plain.app_context():
        ideal.add_users(logins, PASSWORD)
        ideal.db.session.execute(ideal.db.insert(ideal.Comment), [
            {"page_id": size, "number": n, "stance": list(Stance)[n % 4].value, "author": "Resident",
             "text": TEXTS[n % 3], "at": moment(n)} for size in SIZES for n in range(1, size + 1)
        ])  # fmt: skip
        ideal.db.session.commit()
    return Scene(real, plain, logins, resident, poll_id, matters)


def open_poll(world: World) -> int:
    """A vote on an amendment, everybody present."""
    sitting = sitting_of(world, here=len(world.people))
    with clock.frozen(at("2026-03-26T14:40")):
        main(sitting)
        motion = amendment(sitting, Op.REPLACE, "p1", "One, by the end of May.")
        return int(do(lambda: votes.put(motion, actor=world["P01"])).id)


def moment(n: int) -> datetime:
    return at(f"2026-03-27T{8 + n % 12:02d}:{n % 60:02d}")


def fill(file: Path, window: CommentWindow, size: int, authors: list[int]) -> None:
    """Comments by plain SQL past the doors: ten thousand through the services would take minutes, and their entries in
    the log are on no page measured here. Every tenth is answered."""
    with sqlite3.connect(file) as connection:
        (first,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM personal_record").fetchone()
        (comment,) = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM comment").fetchone()
        (log,) = connection.execute("SELECT log_id FROM council WHERE id = ?", (window.council_id,)).fetchone()
        keys = [p.key for p in window.version.paragraphs]
        for n in range(1, size + 1):
            when = moment(n).strftime("%Y-%m-%d %H:%M:%S.000000")
            connection.execute(
                "INSERT INTO personal_record (id, log_id, kind, value, salt) VALUES (?, ?, 'comment', ?, ?)",
                (first + n, log, TEXTS[n % 3], bytes(32)),
            )
            connection.execute(
                "INSERT INTO comment (id, council_id, matter_id, window_id, number, stance, paragraph_key, author_id, text_id,"
                " channel, state, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'online', 'visible', ?)",
                (comment + n, window.council_id, window.matter_id, window.id, n, list(Stance)[n % 4].value,
                 keys[n % len(keys)] if n % 2 else None, authors[n % len(authors)], first + n, when),
            )  # fmt: skip
            if n % 10 == 0:
                connection.execute(
                    "INSERT INTO comment_reply (comment_id, council_id, disposition, text, answered_by_id, answered_at)"
                    " VALUES (?, ?, 'noted', ?, ?, ?)",
                    (comment + n, window.council_id, "谢谢您的意见，已转给物业，四月底前答复。", authors[0], when),
                )
    connection.close()
