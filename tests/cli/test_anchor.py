"""``deliberation log anchor`` and ``cosign``: real places on this computer get the checkpoints; what went wrong is said."""

import email
import email.policy
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from time import time as seconds

import pytest

from deliberation.audit import notes, places, seen, verify_log
from deliberation.audit.models import Anchor, Cosignature
from deliberation.audit.notes import SignerKey
from deliberation.config import SettingError
from deliberation.councils import services as councils
from deliberation.councils.models import Council
from deliberation.extensions import db
from deliberation.kernel import clock
from deliberation.people import services as people
from deliberation.people.permissions import Office
from tests.audit.outside import WITNESS, Mailbox, Witness, cosignature, serving, witness_key
from tests.builders import do
from tests.cli.test_init import run
from tests.cli.test_log_commands import FIRST, Place
from tests.web import in_english, sign_in

COUNCIL, INSTALLATION = f"{FIRST}/council/mochou", f"{FIRST}/installation"


@pytest.fixture
def place(app, world, tmp_path):
    app.config["LOG_KEY"] = str(tmp_path / "log.key")
    found = Place(app, tmp_path)
    found.shown("--origin", FIRST)
    (tmp_path / "kept").mkdir()
    return found


@pytest.fixture
def mailbox():
    found = Mailbox()
    yield found
    found.close()


def anchor(place, where, *words, **settings):
    return place.run("log", "anchor", *words, LOG_ANCHORS=where, **settings)


def grow():
    db.session.remove()
    do(lambda: people.add_person("somebody new"))


def in_the_council(world):
    db.session.remove()
    council = db.session.scalars(db.select(Council)).one()
    do(lambda: councils.appoint(council, world["R01"], Office.RESIDENT, starts_on=date(2025, 6, 2)))


def kept(place):
    return sorted(path.relative_to(place.folder / "kept").as_posix() for path in place.folder.glob("kept/*/*"))


def rows(table=Anchor):
    db.session.rollback()
    return db.session.scalars(db.select(table).order_by(table.log_id, table.size)).all()


def test_a_folder_gets_one_file_a_checkpoint_and_the_verifier_takes_it(place):
    done = anchor(place, f"archive=dir:{place.folder}/kept")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "archive: installation, council/mochou"
    first = kept(place)
    assert [name.split("/")[0] for name in first] == ["test.example-council-mochou", "test.example-installation"]
    again = anchor(place, f"archive=dir:{place.folder}/kept")
    assert (again.exit_code, again.stdout.splitlines()[-1]) == (0, "archive: has everything already")
    grow()
    assert anchor(place, f"archive=dir:{place.folder}/kept").stdout.splitlines()[-1] == "archive: installation"
    assert (len(kept(place)), set(first) < set(kept(place))) == (3, True)
    olds = [word for name in kept(place) for word in ("--old", str(place.folder / "kept" / name))]
    assert verify_log.main([str(place.export("out")), *olds]) == 0
    assert [(row.place, row.kind) for row in rows()] == [("archive", "directory")] * 3


def test_what_stands_in_a_folder_is_never_written_over(place):
    anchor(place, f"archive=dir:{place.folder}/kept")
    path = place.folder / "kept" / kept(place)[0]
    content = path.read_bytes()
    path.write_bytes(content + cosignature("x\n").encode())
    done = anchor(place, f"archive=dir:{place.folder}/kept", "--again")
    assert (done.exit_code, path.read_bytes() == content, list(path.parent.glob(".*"))) == (0, False, [])


def test_a_folder_that_is_not_mounted_is_not_made(place, app, caplog):
    app.config.pop(seen.STATE, None)
    done = anchor(place, f"stick=dir:{place.folder}/stick archive=dir:{place.folder}/kept")
    assert (done.exit_code, done.stderr.splitlines()) == (1, ["stick: not handed over: No such file or directory"])
    assert [record.getMessage() for record in caplog.records] == [
        "LOG_ANCHORS: the folder of stick cannot be read: No such file or directory"
    ]
    assert (place.folder / "stick").exists() is False
    assert len(kept(place)) == 2


@pytest.mark.parametrize("more", [0, 5], ids=["of the same size", "longer"])
def test_another_history_in_a_folder_is_a_fork(place, more):
    anchor(place, f"archive=dir:{place.folder}/kept")
    size = next(row.size for row in rows() if row.log_id == 2)
    other = notes.sign(notes.Checkpoint(COUNCIL, size + more, b"f" * 32).text(), [SignerKey(COUNCIL, bytes(32))])
    (place.folder / f"kept/test.example-council-mochou/{size + more}-{(b'f' * 8).hex()}.checkpoint").write_text(other)
    done = anchor(place, f"archive=dir:{place.folder}/kept", "--again")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "archive: FORK, somebody shows another history: council/mochou: "
        f"it holds another history, of {size + more} entries"
    ]
    assert done.stdout.splitlines()[-1] == "archive: installation"


def test_a_web_hook_gets_each_note_and_a_redirection_is_not_followed(place):
    seen = []

    def handle(path, body):
        seen.append((path, body))
        return (302, "text/plain", "/elsewhere") if path == "/moved" else (204, "text/plain", "")

    with serving(handle) as url:
        assert anchor(place, f"hook={url}/token-9f3a?x=1").exit_code == 0
        done = anchor(place, f"moved={url}/moved")
    assert (done.exit_code, done.stderr) == (1, "moved: not handed over: it answered 302\n")
    assert [path for path, _body in seen] == ["/token-9f3a?x=1"] * 2 + ["/moved"]
    keys = [notes.verifier_key(key) for key in place.shown()]
    assert notes.open_checkpoint(seen[1][1].encode(), keys).origin == COUNCIL


def test_a_mail_holds_all_checkpoints_as_text_with_a_subject_in_the_language_of_the_house(place, mailbox):
    settings = {"MAIL_SERVER": f"smtp://li:geheim@127.0.0.1:{mailbox.port}", "MAIL_SENDER": "log@yishi.example"}
    done = anchor(place, "library=mail:archive@secret.example", **settings)
    assert done.exit_code == 0, done.stderr
    (mail,) = (email.message_from_string(text, policy=email.policy.default) for text in mailbox.mails)
    text = mail.get_content()
    assert (mail["To"], mail["From"]) == ("archive@secret.example", "log@yishi.example")
    assert mail["Subject"].isascii() is False
    keys = [notes.verifier_key(key) for key in place.shown()]
    at = text.index(COUNCIL)
    assert notes.open_checkpoint(text[at:].rstrip("\n").encode() + b"\n", keys).origin == COUNCIL
    assert INSTALLATION in text
    assert anchor(place, "library=mail:archive@secret.example", **settings).exit_code == 0
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("refuses", ["MAIL", "RCPT", "AUTH"])
def test_a_mail_that_is_refused_is_told_without_an_address(place, mailbox, refuses):
    mailbox.refuses = refuses
    settings = {"MAIL_SERVER": f"smtp://li:geheim@127.0.0.1:{mailbox.port}", "MAIL_SENDER": "log@yishi.example"}
    done = anchor(place, "library=mail:archive@secret.example", **settings)
    assert (done.exit_code, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith("library: not handed over: the mail server ")
    assert rows() == []


def test_no_secret_is_shown_or_kept(place, mailbox):
    secrets = ["geheim", "secret.example", "token-9f3a", "127.0.0.1", str(place.folder / "kept")]
    settings = {"MAIL_SERVER": f"smtp://li:geheim@127.0.0.1:{mailbox.port}", "MAIL_SENDER": "log@yishi.example"}
    with serving(lambda path, body: (500, "text/plain", path)) as url:
        said = []
        for again in range(2):
            where = f"m=mail:a@secret.example h={url}/token-9f3a d=dir:{place.folder}/kept x=http://127.0.0.1:1/token-9f3a"
            done = anchor(place, where, "--again", **settings)
            said.append(done.output.partition("\n")[2])
            assert (done.exit_code, len(done.stderr.splitlines())) == (1, 2 + again)
            mailbox.refuses = "RCPT"
    said.append(place.app.test_client().get("/c/mochou/log/root").text)
    said.append(repr([vars(row) for row in rows()]))
    assert [(secret, text) for secret in secrets for text in said if secret in text] == []
    assert ">m<" in said[2]


def witness_at(url, signer=WITNESS):
    return f"w=witness:{url}|{witness_key(signer)}"


def test_a_witness_follows_the_log_and_its_signature_is_served_while_the_note_stands(place, world):
    witness = Witness()
    client = place.app.test_client()
    with serving(witness) as url:
        assert anchor(place, witness_at(url)).exit_code == 0
        grow()
        assert anchor(place, witness_at(url)).exit_code == 0
        sizes = [(old, size) for origin, old, size in witness.asked if origin == INSTALLATION]
    assert sizes == [(0, sizes[1][0]), (sizes[1][0], sizes[1][0] + 1)]
    note = client.get("/c/mochou/log/checkpoint").text
    assert [line.split(" ")[1] for line in note.splitlines()[-2:]] == [COUNCIL, WITNESS.name]
    assert notes.verify(notes.parse(note.encode()), [witness_key()]) == (witness_key(),)
    assert "stranger" not in note
    assert [notes.open_checkpoint(note.encode(), [notes.verifier_key(key)]).origin for key in place.shown()] == [COUNCIL]
    shown = client.get("/c/mochou/log/root").text
    assert WITNESS.name in shown
    assert verify_log.main([str(place.export("out"))]) == 0
    in_the_council(world)
    assert WITNESS.name not in client.get("/c/mochou/log/checkpoint").text
    assert WITNESS.name in client.get("/c/mochou/log/root").text




def test_a_witness_that_knows_more_of_the_log_than_we_remember_is_asked_once_more(place):
    witness = Witness()
    with serving(witness) as url:
        anchor(place, witness_at(url))
        grow()
        # Under another name the place is unknown here, while the witness knows the log.
        done = anchor(place, witness_at(url).replace("w=", "other="))
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "other: installation, council/mochou")
    size = witness.seen[INSTALLATION][0]
    assert [(old, new) for origin, old, new in witness.asked if origin == INSTALLATION][1:] == [(0, size), (size - 1, size)]


@pytest.mark.parametrize("more", [0, -1, 9], ids=["other root", "no proof", "longer"])
def test_a_witness_that_saw_another_history_is_a_fork(place, more):
    witness = Witness()
    with serving(witness) as url:
        anchor(place, witness_at(url))
        known = witness.seen[COUNCIL][0]
        witness.seen[COUNCIL] = (known + more, b"f" * 32)
        done = anchor(place, witness_at(url), "--again")
    assert done.exit_code == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("w: FORK, somebody shows another history: council/mochou: it ")
    assert done.stdout.splitlines()[-1] == "w: installation"


def test_a_witness_with_another_key_an_unknown_log_and_nonsense(place):
    witness, answers = Witness(), {}
    other = SignerKey(WITNESS.name, bytes(32))
    with serving(lambda path, body: answers.get("now") or witness(path, body)) as url:
        done = anchor(place, witness_at(url, other))
        assert (done.exit_code, "no signature of a known key" in done.stderr) == (1, True)
        witness.logs = set()
        assert "it answered 404" in anchor(place, witness_at(url)).stderr
        future = str(int(seconds()) + 9999)
        for kind, content in (("text/plain", ""), ("text/plain", "x" * 200_000), ("text/x.tlog.size", future), ("a/b", "\0")):
            for status in (200, 409, 500):
                answers["now"] = (status, kind, content)
                done = anchor(place, witness_at(url))
                assert (done.exit_code, len(done.stderr.splitlines()) in (1, 2), "Traceback" in done.output) == (1, True, False)
    assert (rows(), rows(Cosignature)) == ([], [])


def test_a_signature_from_the_future_or_over_another_text_is_not_kept(place):
    path, settings = place.folder / "lines", {"LOG_ANCHORS": f"w=witness:{witness_key()}"}
    note = place.app.test_client().get("/c/mochou/log/checkpoint").text
    text = notes.parse(note.encode()).text
    now = int(seconds())
    for bad in (cosignature(text, now + 9999), cosignature(text + "x\n"), cosignature(text, 2**63), "x\n", "",
                note.replace("council", "councill") + cosignature(text), note, cosignature(text, signer=SignerKey("a", bytes(32)))):
        path.write_text(bad)
        assert place.refused("log", "cosign", path, **settings).startswith("nothing is kept: ")
    path.write_text(cosignature(text, now - 60))
    done = place.run("log", "cosign", path, **settings)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, f"council/mochou: signed by {WITNESS.name}")
    path.write_text(note + cosignature(text, now - 30))
    assert place.run("log", "cosign", path, **settings).exit_code == 0
    served = place.app.test_client().get("/c/mochou/log/checkpoint").text
    assert served == note + cosignature(text, now - 30)
    assert "names no witness" in place.refused("log", "cosign", path, LOG_ANCHORS="")


@pytest.mark.parametrize(
    "bad",
    ["x", "dir:/x", "=dir:/x", "a=dir:x", "a=ftp://geheim", "a=http://geheim.example/", "a=https://li:geheim@x.cn", "a=mail:geheim",
     "a=witness:https://x.cn|geheim", "a=witness:geheim", "a=dir:/geheim a=dir:/geheim", "a=mail:geheim@x.cn", "a@b=dir:/geheim"],
)  # fmt: skip
def test_places_that_cannot_be_read_are_refused_in_one_line_that_repeats_nothing(bad):
    with pytest.raises(SettingError) as refused:
        places.configured({"LOG_ANCHORS": bad, "MAIL_SERVER": "smtp://li:geheim@:x", "MAIL_SENDER": ""})
    assert str(refused.value).startswith(("LOG_ANCHORS: ", "MAIL_SERVER: "))
    assert ("\n" in str(refused.value), "geheim" in str(refused.value)) == (False, False)


def test_the_service_does_not_start_with_such_a_place(tmp_path):
    done = run(tmp_path, "log", "verify", LOG_ANCHORS="a=http://geheim.example/")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "LOG_ANCHORS: cannot read a: only https leaves this computer\n")


def test_two_at_once_hand_over_once_each_and_call_nothing_a_fork(place, database_url):
    command = [str(Path(sys.executable).with_name("deliberation")), "log", "anchor"]
    with serving(Witness()) as url:
        where = f"archive=dir:{place.folder}/kept {witness_at(url)}"
        env = {**os.environ, "DATABASE_URL": database_url, "LOG_KEY": str(place.key), "LOG_ANCHORS": where, "SECRET_KEY": "x"}
        for _time in range(2):
            grow()
            running = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in "ab"]
            said = [process.communicate(timeout=60) for process in running]
            assert [process.returncode for process in running] == [0, 0], said
    assert len(kept(place)) == 3
    noted = [(row.place, row.log_id) for row in rows()]
    assert sorted(noted) == [("archive", 1), ("archive", 1), ("archive", 2), ("w", 1), ("w", 1), ("w", 2)]


def test_the_administrator_is_told_when_the_last_copy_outside_is_old(place, world, new_client):
    client = in_english(sign_in(new_client(), "mochou-a01"))
    assert "No copy of the log&#39;s checkpoint was made outside yet" in client.get("/c/mochou/offices/").text
    assert "No copy outside was made yet" in client.get("/c/mochou/log/root").text
    anchor(place, f"archive=dir:{place.folder}/kept")
    assert "checkpoint" not in client.get("/c/mochou/offices/").text
    assert "archive" in client.get("/c/mochou/log/root").text
    clock.shift(timedelta(days=9))
    try:
        assert "is older than 8 days" in client.get("/c/mochou/offices/").text
        place.app.config["LOG_ANCHOR_DAYS"] = 30
        assert "is older than" not in client.get("/c/mochou/offices/").text
        assert "is older than" not in new_client().get("/c/mochou/offices/").text
    finally:
        clock.shift(timedelta())
