"""The real commands, each in a process of its own, forked from one that has the program loaded already.

To load it takes longer than most of what the commands do. Settings, folder, arguments and the three streams are those of
a command that somebody types; that the installed one starts from nothing is asked in test_wheel, test_serve and test_init.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deliberation.cli import main

LOADED = multiprocessing.get_context("forkserver")
LOADED.set_forkserver_preload(["tests.commands"])
SECONDS = 60


def command(
    words: Sequence[object], folder: Path, env: Mapping[str, str], typed: str = "", start: Callable[[], object] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``deliberation`` with these words, or what else is to ``start``."""
    with tempfile.TemporaryDirectory() as place:
        streams = [f"{place}/{name}" for name in ("stdin", "stdout", "stderr")]
        Path(streams[0]).write_text(typed, encoding="utf-8")
        running = LOADED.Process(target=child, args=(start, [str(word) for word in words], str(folder), dict(env), streams))
        running.start()
        running.join(SECONDS)
        if running.is_alive():
            running.kill()
            raise subprocess.TimeoutExpired(list(map(str, words)), SECONDS)
        said = [Path(stream).read_text(encoding="utf-8") for stream in streams[1:]]
    return subprocess.CompletedProcess(list(words), running.exitcode or 0, *said)


def wsgi() -> None:
    """What a server other than ours starts."""
    importlib.import_module("wsgi")


def child(start: Callable[[], object] | None, words: list[str], folder: str, env: dict[str, str], streams: list[str]) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    # What the interpreter itself reads of them at its start.
    sys.path[:0] = [path for path in env.get("PYTHONPATH", "").split(os.pathsep) if path]
    if mode := env.get("PYTHONWARNINGS"):
        warnings.simplefilter(mode)  # type: ignore[arg-type]
    for number, stream in enumerate(streams):
        handle = os.open(stream, os.O_RDONLY if not number else os.O_WRONLY | os.O_CREAT)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    sys.argv = ["deliberation", *words]
    (start or main)()
