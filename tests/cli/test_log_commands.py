"""``deliberation log key`` and ``deliberation log export``: a key of one's own, a folder that a stranger can check."""

import random
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.cli import ScriptInfo

from deliberation.audit import notes, verify_log
from deliberation.cli import main
from deliberation.extensions import db
from tests.audit.outside import witness_key

KEY = ("log", "key")
FIRST = "test.example"


@dataclass
class Place:
    """The small world, with a key file of its own."""

    app: object
    folder: Path

    @property
    def key(self):
        return self.folder / "log.key"

    def run(self, *words, **settings):
        self.app.config.update(settings)
        db.session.remove()
        return self.app.test_cli_runner().invoke(main, list(map(str, words)), obj=ScriptInfo(create_app=lambda: self.app))

    def shown(self, *words, **settings):
        """The verifier keys of the council's log as the command prints them."""
        done = self.run(*KEY, *words, **settings)
        assert done.exit_code == 0, done.output
        return [line.partition(": ")[2] for line in done.stdout.splitlines() if line.startswith("council/mochou: ")]

    def refused(self, *words, **settings):
        """The one line with which a command ends."""
        done = self.run(*words, **settings)
        assert done.exit_code == 2, done.output
        (line,) = done.stderr.splitlines()
        return line

    def export(self, name):
        done = self.run("log", "export", self.folder / name)
        assert done.exit_code == 0, done.output
        return self.folder / name


@pytest.fixture
def place(app, world, tmp_path):
    app.config["LOG_KEY"] = str(tmp_path / "log.key")
    return Place(app, tmp_path)


def test_a_key_is_made_once_for_all_logs_and_shown_again(place):
    made = place.run(*KEY, "--origin", FIRST)
    assert (made.exit_code, place.key.read_text().strip() in made.output) == (0, False)
    assert stat.S_IMODE(place.key.stat().st_mode) == 0o600
    (key,) = place.shown()
    assert notes.verifier_key(key).name == f"{FIRST}/council/mochou"
    assert place.shown() == [key]
    assert place.refused(*KEY, "--origin", "b.cn") == f"{place.key} exists already; its name is fixed"


def test_the_name_comes_from_the_address_and_stays_when_the_address_changes(place):
    (key,) = place.shown(PUBLIC_ADDRESS="https://yishi.example.cn")
    assert key.startswith("yishi.example.cn/council/mochou+")
    assert place.shown(PUBLIC_ADDRESS="https://new.example.cn") == [key]
    place.key.unlink()
    again = place.shown()
    assert all(one.startswith("yishi.example.cn/council/mochou+") for one in again)
    assert (len(again), key in again) == (2, True)


@pytest.mark.parametrize("name", ["a b", "a+b", "社区", "x" * 81, ""])
def test_a_name_that_no_key_can_have_is_refused_and_nothing_is_made(place, name):
    assert "yishi.example.cn" in place.refused(*KEY, "--origin", name)
    assert not place.key.exists()


def test_keys_rotate_with_both_in_overlap_and_old_copies_stay_checkable(place):
    (first,) = place.shown("--origin", FIRST)
    one = place.export("one")
    assert "one key only" in place.refused(*KEY, "--retire")
    second, also = place.shown("--rotate")
    assert (also, stat.S_IMODE(place.key.stat().st_mode)) == (first, 0o600)
    assert "two keys already" in place.refused(*KEY, "--rotate")
    two = place.export("two")
    assert place.shown("--retire") == [second]
    three = place.export("three")
    old = ["--old", str(one / "council-mochou/checkpoint")]
    for folder, key in ((two, first), (two, second), (three, second)):
        assert verify_log.main([str(folder), "--key", key, *old]) == 0
    assert verify_log.main([str(three), "--key", first]) == 1


def test_a_key_file_open_to_others_stops_the_commands(place):
    place.shown("--origin", FIRST)
    place.key.chmod(0o644)
    for words in (KEY, (*KEY, "--rotate"), ("log", "export", place.folder / "out")):
        assert place.refused(*words) == f"{place.key} is open to others: run 'chmod 600 {place.key}'"
    assert not (place.folder / "out").exists()


def test_a_key_of_another_installation_is_refused(place):
    place.key.write_text(notes.SignerKey.new(FIRST).encoded() + "\n")
    place.key.chmod(0o600)
    for words in (KEY, ("log", "export", place.folder / "out")):
        assert "a key that this database does not know" in place.refused(*words)


def test_an_export_without_a_key_names_the_command(place):
    line = place.refused("log", "export", place.folder / "out")
    assert line == f"there is no key at {place.key}: run 'deliberation log key' first"


def test_an_export_never_writes_over_anything(place):
    place.shown("--origin", FIRST)
    (place.folder / "out").mkdir()
    (place.folder / "out/mine.txt").write_text("mine")
    assert "not empty" in place.refused("log", "export", place.folder / "out")
    assert [path.name for path in (place.folder / "out").iterdir()] == ["mine.txt"]
    assert place.refused("log", "export", place.folder / "out/mine.txt").endswith("mine.txt is a file: name a new folder")


@pytest.mark.parametrize("words", [("log", "cosign"), ("holidays", "load"), ("erasures", "replay"), ("decide",), ("tally",)])
def test_a_file_that_is_not_there_is_refused_in_one_line(place, words):
    assert "nowhere.txt" in place.refused(*words, place.folder / "nowhere.txt", LOG_ANCHORS=f"w=witness:{witness_key()}")


def test_the_demonstration_is_exported_and_verified_without_more_ado(demo, tmp_path):
    demo.app.config["LOG_KEY"] = str(tmp_path / "log.key")
    out = Place(demo.app, tmp_path).export("out")
    names = {"README.md", "README.zh.md", "SHA256SUMS", "check.html", "council-mochou", "installation", "verify_log.py"}
    assert {path.name for path in out.iterdir()} == names
    assert (out / "verify_log.py").read_bytes() == Path(verify_log.__file__).read_bytes()
    assert {"checkpoint", "key", "tile"} == {path.name for path in (out / "council-mochou").iterdir()}
    assert verify_log.main([str(out)]) == 0


def test_one_flipped_bit_anywhere_in_an_export_is_found_and_its_file_named(demo, tmp_path, capsys):
    """At 300 places by chance, in each of the files at some; every byte of a small log is tests/audit/test_tampering.py."""
    demo.app.config["LOG_KEY"] = str(tmp_path / "log.key")
    out, chance = Place(demo.app, tmp_path).export("out"), random.Random(5)
    files = sorted(path for path in out.rglob("*") if path.is_file())
    assert len(files) == 20
    for n in range(300):
        path = files[n % len(files)]
        content = path.read_bytes()
        at, bit = chance.randrange(len(content)), chance.randrange(8)
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :])
        capsys.readouterr()
        assert verify_log.main([str(out)]) == 1, (path, at, bit)
        (line,) = [line for line in capsys.readouterr().out.splitlines() if "BAD " in line]
        log, _slash, place = path.relative_to(out).as_posix().partition("/")
        # A key that is another one did not sign the checkpoint.
        named = (f"{log}: BAD {place}", f"{log}: BAD checkpoint") if place == "key" else (place or log,)
        assert any(one in line for one in named) and line.startswith(f"{log}: " if place else "BAD "), (path, at, bit, line)
        path.write_bytes(content)
    assert verify_log.main([str(out)]) == 0
