"""Real places outside on this computer: a web hook, a witness and a mail server, each in a thread of its own."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from deliberation.audit import notes, tree
from deliberation.audit.notes import Signature, SignerKey, WitnessKey

WITNESS = SignerKey("w.example/one", bytes(range(1, 33)))


def witness_key(signer=WITNESS):
    return WitnessKey(signer.name, signer.verifier.public)


def cosignature(text, at=None, signer=WITNESS):
    """The line of a witness who signed this text."""
    at = int(time.time()) if at is None else at
    blob = at.to_bytes(8) + signer.sign(notes.cosigned(text, at))
    return str(Signature(signer.name, witness_key(signer).key_id, blob))


@contextlib.contextmanager
def serving(handle):
    """An HTTP server; ``handle(path, body)`` gives (status, content type, body). Gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, kind, content = handle(self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if 300 <= status < 400:
                self.send_header("Location", content)
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(content.encode())

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Witness:
    """C2SP tlog-witness: remembers the last checkpoint of each log, believes no root without a proof."""

    def __init__(self, signer=WITNESS):
        self.signer, self.seen, self.asked = signer, {}, []
        self.logs: set[str] | None = None

    def __call__(self, path, body):
        assert path.endswith("/add-checkpoint")
        head, _gap, note = body.partition("\n\n")
        first, *steps = head.split("\n")
        old, text = int(first.removeprefix("old ")), notes.parse(note.encode()).text
        point = notes.checkpoint(text)
        self.asked.append((point.origin, old, point.size))
        if self.logs is not None and point.origin not in self.logs:
            return 404, "text/plain", "unknown\n"
        size, root = self.seen.get(point.origin, (0, tree.EMPTY_ROOT))
        if old != size:
            return 409, "text/x.tlog.size", f"{size}\n"
        if old == point.size and root != point.root:
            return 409, "text/plain", "another root\n"
        if 0 < old:
            try:
                tree.verify_consistency(old, point.size, root, point.root, [b64decode(step) for step in steps])
            except tree.ProofError:
                return 422, "text/plain", "no proof\n"
        self.seen[point.origin] = (point.size, point.root)
        stranger = cosignature(text, signer=SignerKey("stranger.example", bytes(32)))
        return 200, "text/plain", stranger + cosignature(text, signer=self.signer)


class Mailbox:
    """A mail server that takes everything but what it is told to refuse."""

    def __init__(self):
        self.mails, self.refuses = [], ""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rw", newline="") as lines:
                self.talk(lines)

    def talk(self, lines):
        def say(text):
            lines.write(text.replace("\n", "\r\n") + "\r\n")
            lines.flush()

        say("220 here")
        for line in lines:
            word = line[:4].upper()
            if word == self.refuses:
                say("550 not to li@secret.example")
            elif word == "DATA":
                say("354 go on")
                mail = []
                while (got := lines.readline()) not in ("", ".\r\n"):
                    mail.append(got.replace("\r\n", "\n"))
                self.mails.append("".join(mail))
                say("250 taken")
            elif word == "EHLO":
                say("250-here\n250 AUTH PLAIN")
            elif word == "QUIT":
                say("221 good bye")
                return
            else:
                say("235 in" if word == "AUTH" else "250 yes")

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join()
