"""The wheel runs where there is no checkout: installed in a bare environment, in an empty folder."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds until the server must answer

pytestmark = pytest.mark.wheel

# The proxy of a machine has nothing to do with its own loopback addresses.
browse = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def run(*command: object, cwd: Path, **variables: str) -> str:
    """Run to the end and return what was printed; fail with it if the command fails."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=clean(**variables),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
    return done.stdout


def clean(**variables: str) -> dict[str, str]:
    """The environment without anything that leads back to the checkout or to another database."""
    kept = {name: value for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "TEST_DATABASE_URL", "PYTHONPATH", "VIRTUAL_ENV", "FLASK_APP"}}
    return {**kept, "PYTHONWARNINGS": "default", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **variables}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # From a copy: a build writes into the folder that it builds from, and packs what an earlier one left behind there.
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    left_out = shutil.ignore_patterns(".*", "build", "*.egg-info", "node_modules", "__pycache__", "*.db*")
    shutil.copytree(ROOT, source, ignore=left_out)
    run(sys.executable, "-m", "babel.messages.frontend", "-q", "compile", "-d", "deliberation/translations", cwd=source)
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, source, cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of a bare environment that holds the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    pip = (python, "-m", "pip", "-qq", "install", "--no-compile")  # most of what comes with them is never loaded here
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=folder)
    run(*pip, "--no-deps", wheel, cwd=folder)
    run(python, "-m", "pip", "check", cwd=folder)
    return folder / "bin"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def address(installed: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the demonstration, served from an empty folder."""
    database = {"DATABASE_URL": "sqlite:///demo.db"}
    run(installed / "deliberation", "demo", cwd=tmp_path, **database)
    assert (tmp_path / "demo.db").exists()
    port = free_port()
    said = tmp_path / "said.txt"
    with said.open("w", encoding="utf-8") as output:
        server = subprocess.Popen([installed / "deliberation", "serve", "--host", "127.0.0.1", "--port", str(port)],
                                  cwd=tmp_path, env=clean(**database), stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/", server, said)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(url: str, server: subprocess.Popen[bytes], said: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            browse(url, timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            pytest.fail(f"{url} answered {error.code}\n{said.read_text(encoding='utf-8')}")
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail(f"no answer from {url}\n{said.read_text(encoding='utf-8')}")
            time.sleep(0.1)


class StyleSheets(HTMLParser):
    """Collects the addresses of the linked style sheets."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and values.get("rel") == "stylesheet":
            self.found.append(values["href"] or "")


def test_the_wheel_serves_a_chinese_home_page_with_its_style_sheet(address: str):
    request = urllib.request.Request(address, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    with browse(request, timeout=20) as answer:
        page = answer.read().decode("utf-8")
    assert "社区" in page

    sheets = StyleSheets()
    sheets.feed(page)
    assert sheets.found
    for sheet in sheets.found:
        with browse(urljoin(address, sheet), timeout=20) as answer:
            assert (answer.status, answer.headers.get_content_type()) == (200, "text/css")
            assert "{" in answer.read().decode("utf-8")
