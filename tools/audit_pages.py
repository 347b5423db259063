"""Lighthouse, as a telephone, on four pages of the demonstration served as in use; exits 1 where a figure falls short.

    python -m tools.audit_pages
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.browser.fixtures import chromium_path

LIGHTHOUSE = Path(__file__).resolve().parent / "audit" / "node_modules" / "lighthouse" / "cli" / "index.js"
COMMAND = str(Path(sys.executable).with_name("deliberation"))
PAGES = {
    "home": "/c/mochou/",
    "matter": "/c/mochou/agenda/2026-1",
    "forum": "/c/mochou/forum/2026-9",
    "resolution": "/c/mochou/decisions/2026/1",
}
LEAST = {"accessibility": 100, "best-practices": 95, "performance": 95}
# What the machine is busy with falls on the figures: the best of so many runs counts.
TRIES = 3


@contextlib.contextmanager
def served() -> Iterator[str]:
    """The demonstration under gunicorn, on a free port."""
    with tempfile.TemporaryDirectory() as folder:
        surroundings = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/demo.db"}
        subprocess.run([COMMAND, "demo"], check=True, stdout=subprocess.DEVNULL, env=surroundings)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        with open(Path(folder) / "server.log", "wb") as log:
            server = subprocess.Popen([COMMAND, "serve", "--port", str(port)], stdout=log, stderr=log, env=surroundings)
            try:
                wait_for(address)
                yield address
            finally:
                server.terminate()
                server.wait()


def wait_for(address: str) -> None:
    for _ in range(100):
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(f"{address}/healthz", timeout=5):
            return
        time.sleep(0.1)
    sys.exit("the server does not answer")


def audited(url: str) -> dict[str, Any]:
    """Lighthouse's report on one page."""
    switches = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    done = subprocess.run(
        ["node", str(LIGHTHOUSE), url, "--quiet", "--output=json", "--form-factor=mobile", f"--chrome-flags={switches}",
         f"--only-categories={','.join(LEAST)}", "--no-enable-error-reporting"],
        capture_output=True, env={**os.environ, "CHROME_PATH": chromium_path()}, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        sys.exit(done.stderr.decode("utf-8", "replace"))
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def scores(report: dict[str, Any]) -> dict[str, int]:
    return {name: round(100 * (report["categories"][name]["score"] or 0)) for name in LEAST}


def best_of(url: str) -> tuple[dict[str, int], dict[str, Any]]:
    """The figures and the report of the first run that holds, else of the fastest of all."""
    tries = []
    for _ in range(TRIES):
        report = audited(url)
        tries.append((scores(report), report))
        if not short(tries[-1][0]):
            return tries[-1]
    return max(tries, key=lambda one: one[0]["performance"])


def short(found: dict[str, int]) -> list[str]:
    return [name for name, least in LEAST.items() if found[name] < least]


def faults(report: dict[str, Any]) -> Iterator[str]:
    """What to mend: the checks that were not passed and count."""
    for name in LEAST:
        for ref in report["categories"][name]["auditRefs"]:
            audit = report["audits"][ref["id"]]
            if ref["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                yield f"  {name}: {audit['title']} ({audit.get('displayValue') or audit['score']})"


def main() -> None:
    failed = False
    print(f"{'page':12}{''.join(f'{name:>16}' for name in LEAST)}")
    with served() as address:
        for page, path in PAGES.items():
            found, report = best_of(address + path)
            print(f"{page:12}{''.join(f'{found[name]:16}' for name in LEAST)}", flush=True)
            if short(found):
                failed = True
                print("\n".join(faults(report)))
    print(f"{'at least':12}{''.join(f'{least:16}' for least in LEAST.values())}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
