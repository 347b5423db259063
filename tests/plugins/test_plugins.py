"""A package that nobody here wrote brings a room of its own, and leaves again; a broken one stops the start in one sentence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect

from deliberation.extensions import db
from tests.builders import World
from tests.commands import command
from tests.web import in_english, text_of

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BOARD = "/c/mochou/noticeboard/"
COMMAND = Path(sys.executable).parent / "deliberation"


def run(*words: object, site: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "DATABASE_URL")}
    path = os.pathsep.join(str(one) for one in (ROOT, site) if one)
    env = {**kept, **variables, "PYTHONPATH": path, "PYTHONWARNINGS": "error"}
    if words[0] == COMMAND:
        return command(words[1:], ROOT, env)
    return subprocess.run(
        [str(part) for part in words], env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )


def done(*words: object, **more: object) -> str:
    """Run to a good end and return what was printed."""
    ended = run(*words, **more)  # type: ignore[arg-type]
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip installed the sample package: on the path, it is installed; off it, uninstalled."""
    source = tmp_path_factory.mktemp("sample") / "sample"
    shutil.copytree(HERE / "sample", source, ignore=shutil.ignore_patterns("__pycache__"))
    for po in source.rglob("*.po"):
        with po.open("rb") as written, po.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(written))
    target = tmp_path_factory.mktemp("site")
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "--target",
         target, source], env={**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}, check=True, timeout=120,
    )  # fmt: skip
    return target


def tables(app: Flask) -> set[str]:
    db.engine.dispose()
    return set(inspect(db.engine).get_table_names())


def test_a_plugin_comes_works_and_leaves(site: Path, world: World, database_url: str, app: Flask, client: FlaskClient) -> None:
    db.session.rollback()
    house = tables(app)
    assert done(COMMAND, "plugins", site=site) == "noticeboard: sample-noticeboard 1.0\n"
    # It comes: its tables, in a version table of its own.
    for _twice in range(2):
        done(COMMAND, "db", "upgrade", site=site, DATABASE_URL=database_url)
    assert tables(app) - house == {"noticeboard_notice", "noticeboard_alembic_version"}
    # It works: a page, a menu entry, a recorded verb, translations, a step rule; closed where it does not say otherwise.
    seen = json.loads(done(sys.executable, HERE / "visit.py", site=site, DATABASE_URL=database_url))
    assert "公告栏里还没有公告。" in seen["empty"]
    assert (seen["menu"], seen["visitor"], seen["bad"], seen["pinned"], seen["again"]) == (True, 403, 422, 302, 302)
    assert "Closed on Tuesday." in seen["board"] and "Monday" not in seen["board"]
    assert "贴出了一则公告。" in seen["trail"]["zh"]
    assert "Clerk pinned a notice to the board." in seen["trail"]["en"]
    assert seen["unrecorded"] == "bulk statements cannot touch noticeboard_notice: its entry could not tell of them"
    assert seen["step_rule"] == "The desk is closed, as the noticeboard says."
    assert seen["bad_logs"] == []
    # It leaves: the site runs and is brought up to date, the log verifies, and what the plugin did still reads.
    done(COMMAND, "db", "upgrade", DATABASE_URL=database_url)
    verified = done(COMMAND, "log", "verify", DATABASE_URL=database_url)
    assert "mochou: verified" in verified and ": BAD" not in verified
    trail = text_of(in_english(client).get("/c/mochou/log/"))
    assert "An entry of a part that is not installed here (noticeboard.pin)." in trail
    assert client.get(BOARD).status_code == 404
    assert BOARD not in client.get("/c/mochou/").text
    # It comes back to its table; its tables go when they are told to.
    assert {"noticeboard_notice", "noticeboard_alembic_version"} < tables(app)
    done(COMMAND, "plugins", "downgrade", "noticeboard", site=site, DATABASE_URL=database_url)
    assert "noticeboard_notice" not in tables(app)
    done(COMMAND, "db", "upgrade", site=site, DATABASE_URL=database_url)
    assert "noticeboard_notice" in tables(app)


def package(
    folder: Path, name: str, source: str, *, point: str = "sample", version: str = "2.1", group: str = "plugins"
) -> None:
    """An installed package ``name`` of one module with ``plugin``, named ``point`` among the plugins (or another group)."""
    module = name.replace("-", "_")
    about = folder / f"{module}-{version}.dist-info"
    about.mkdir(parents=True)
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[deliberation.{group}]\n{point} = {module}:plugin\n", encoding="utf-8")


HEAD = """
from flask import Blueprint
from sqlalchemy.orm import Mapped, mapped_column
from deliberation.audit.actions import action
from deliberation.extensions import Model
from deliberation.plugins import Plugin

def table(name):
    return type("Row", (Model,), {"__tablename__": name, "id": mapped_column(primary_key=True),
                                  "__annotations__": {"id": Mapped[int]}})

class Sample(Plugin):
    def init_app(self, app):
        pass

plugin = Sample()
"""
BROKEN = {
    "a fault while it is imported": ("raise OSError('no\\nfile')", "OSError: no file"),
    "a fault in init_app": ("Sample.init_app = lambda self, app: 1 / 0", "ZeroDivisionError: division by zero"),
    "no init_app": ("plugin = object()", "it has no init_app(app)"),
    "a table under a foreign name": ("table('notice')", "its table notice must be called sample_…"),
    "a table without migrations": ("table('sample_notice')", "it brings tables and no migrations"),
    "a table that comes too late": (
        "Sample.init_app = lambda self, app: table('sample_late')",
        "its table sample_late comes too late: import the models where the package begins",
    ),
    "a verb that is taken": ("action('motion.second', 'x')", "ValueError: action 'motion.second' exists already"),
    "a verb under a foreign name": ("action('notice.pin', 'x')", "its action notice.pin must be called sample.…"),
    "a blueprint that is taken": (
        "Sample.init_app = lambda self, app: app.register_blueprint(Blueprint('forum', __name__))",
        "ValueError: The name 'forum' is already registered for a different blueprint. Use 'name=' to provide a unique name.",
    ),
    "an endpoint under a foreign name": (
        "Sample.init_app = lambda self, app: app.add_url_rule('/x', 'other', print)",
        "its endpoint other must be called sample.…",
    ),
    "a public endpoint that is not there": (
        "Sample.public = ('sample.show',)", "it names the endpoint sample.show and has none",
    ),
}  # fmt: skip


def documented() -> str:
    """The shortest plugin of docs/plugins.md."""
    text = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    return textwrap.dedent(text.partition("`hello.py`:\n")[2].partition("\nThe name")[0])


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What each start said, by the case."""
    cases = (*BROKEN, "whole", "documented", "forgetful", "taken", "twice", "shape", "late")
    folders = {case: tmp_path_factory.mktemp("package") for case in cases}
    for case, (fault, _) in BROKEN.items():
        package(folders[case], "some-sample", HEAD + fault)
    package(folders["whole"], "some-sample", HEAD)
    package(folders["taken"], "some-sample", HEAD, point="ballot")
    package(folders["shape"], "some-sample", HEAD, point="Some_Sample")
    package(folders["twice"], "some-sample", HEAD)
    package(folders["twice"], "another-sample", HEAD)
    late = "Sample.init_app = lambda self, app: app.extensions.update(late=[lambda: action('sample.late', 'x')])"
    package(folders["late"], "some-sample", HEAD + late)
    package(folders["documented"], "hello", documented(), point="hello")
    forgetful = documented().replace('public = ("hello.show",)', "public = ()")
    package(folders["forgetful"], "hello", forgetful, point="hello")
    lines = done(sys.executable, HERE / "start.py", *folders.values()).splitlines()
    assert len(lines) == len(folders)
    yield dict(zip(folders, lines, strict=True))


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_plugin_stops_the_start_with_one_sentence_that_names_its_package(said: dict[str, str], case: str) -> None:
    assert said[case] == f"The plugin sample (package some-sample 2.1) cannot be used: {BROKEN[case][1]}"


def test_a_whole_one_starts_and_so_does_the_one_in_the_documentation(said: dict[str, str]) -> None:
    assert (said["whole"], said["documented"]) == ("started", "started, and a visitor gets 200")


def test_an_address_that_is_not_named_public_is_closed_though_its_page_forgets_to_ask(said: dict[str, str]) -> None:
    assert said["forgetful"] == "started, and a visitor gets 403"


def test_names_are_given_once(said: dict[str, str]) -> None:
    assert said["taken"] == (
        "The plugin ballot (package some-sample 2.1) cannot be used: "
        "the name is taken by a part of the platform or by another plugin"
    )
    assert said["twice"] == (
        "The plugin sample (package another-sample 2.1) cannot be used: "
        "some-sample 2.1 brings a plugin of the same name"
    )
    assert "small letters and digits" in said["shape"]


def test_whatever_comes_after_the_start_is_refused(said: dict[str, str]) -> None:
    assert said["late"] == "late: action 'sample.late' comes too late: the application is already set up"


@pytest.mark.parametrize("words", [[COMMAND, "db", "upgrade"], [sys.executable, "-c", "import wsgi"]], ids=["command", "wsgi"])
def test_the_doors_say_it_without_a_trace(tmp_path: Path, database_url: str, words: list[object]) -> None:
    package(tmp_path, "some-sample", HEAD + BROKEN["a fault in init_app"][0])
    ended = run(*words, site=tmp_path, DATABASE_URL=database_url)
    assert ended.returncode != 0
    assert ended.stderr == (
        "The plugin sample (package some-sample 2.1) cannot be used: ZeroDivisionError: division by zero\n"
    )


def election(method: str) -> str:
    ballots = [{"count": 3, "ranking": [["A"], ["B"], ["C"]]}, {"count": 2, "ranking": [["B"], ["C"], ["A"]]}]
    return json.dumps({"format": "neutral-election/1", "method": method, "candidates": ["A", "B", "C"], "ballots": ballots})


def test_a_counting_method_comes_with_a_package_and_leaves_with_it(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "election.json"
    file.write_text(election("borda"), encoding="utf-8")
    got = json.loads(done(COMMAND, "tally", file, site=site))
    assert (got["method"], got["version"], got["winners"]) == ("borda", 2, ["B"])
    assert got["rounds"][0]["tally"] == {"A": 6, "B": 7, "C": 2}
    file.write_text(election("guess"), encoding="utf-8")
    known = "There are: plurality 1, approval 1, irv 1, stv-wigm 1, schulze 1, pav 1, spav 1"
    for where, more in ((site, ", borda 2"), (None, "")):
        refused = run(COMMAND, "tally", file, site=where)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr == f"There is no counting method “guess”. {known}{more}.\n"


METHOD = """
from dataclasses import replace
from deliberation.voting.methods import Declared, Method
from deliberation.voting.methods.plurality import METHOD as known
plugin = Method("sample", 1, "ranking", Declared(), known.count)
"""
NO_METHODS = {
    "no method": ("plugin = print", "sample", "it is no deliberation.voting.methods.Method"),
    "a name of its own": ("", "other", "it calls itself sample"),
    "a name that is taken": ("", "irv", "the name is taken by another counting method"),
    "a name that is no name": (
        "", "Sam ple", "a name has at most 30 small letters, digits and hyphens and begins with a letter",
    ),
    "no version": ("plugin = replace(plugin, version='1')", "sample", "its version is a whole number from 1 up"),
    "nothing declared": ("plugin = replace(plugin, declared=None)", "sample", "it declares nothing"),
    "no word on ties": ("plugin = replace(plugin, declared=Declared(ties=''))", "sample", "it does not declare ties"),
    "a fault while it is imported": ("1 / 0", "sample", "ZeroDivisionError: division by zero"),
    "unknown ballots": ("plugin = replace(plugin, takes='shells')", "sample", "it takes either ranking or approvals"),
    "no count": ("plugin = replace(plugin, count=None)", "sample", "it has no count(election)"),
}  # fmt: skip


def test_what_is_no_counting_method_stops_the_start_with_one_sentence(tmp_path: Path) -> None:
    folders = []
    for n, (fault, point, _) in enumerate(NO_METHODS.values()):
        folders.append(tmp_path / str(n))
        package(folders[-1], "some-method", METHOD + fault, point=point, group="counting_methods")
    package(tmp_path / "whole", "some-method", METHOD, group="counting_methods")
    package(tmp_path / "twice", "some-method", METHOD, group="counting_methods")
    package(tmp_path / "twice", "third-method", METHOD, group="counting_methods")
    said = done(sys.executable, HERE / "start.py", *folders, tmp_path / "whole", tmp_path / "twice").splitlines()
    for line, (_, point, why) in zip(said, NO_METHODS.values(), strict=False):
        assert line == f"The counting method {point} (package some-method 2.1) cannot be used: {why}"
    assert said[-2:] == [
        "started",
        "The counting method sample (package third-method 2.1) cannot be used: the name is taken by another counting method",
    ]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("1 / 0", "The counting method “sample” failed: ZeroDivisionError."),
        ("return Result([0, 0])", "The counting method “sample” named impossible winners: A, A."),
        ("return Result([7])", "The counting method “sample” failed: IndexError."),
        ("return 1", "The counting method “sample” failed: AttributeError."),
    ],
)
def test_a_counting_method_that_fails_is_refused_in_one_line(tmp_path: Path, fault: str, said: str) -> None:
    source = f"from deliberation.voting.methods.election import Result\ndef count(election):\n    {fault}\n"
    package(tmp_path, "some-method", METHOD + source + "plugin = replace(plugin, count=count)", group="counting_methods")
    file = tmp_path / "election.json"
    file.write_text(election("sample"), encoding="utf-8")
    ended = run(COMMAND, "tally", file, site=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", f"{said}\n")
