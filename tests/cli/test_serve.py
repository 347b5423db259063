"""Serving without a key is refused in one line, unless it is a demonstration."""

import os
import subprocess
import sys

COMMANDS = {
    "serve": [os.path.join(os.path.dirname(sys.executable), "deliberation"), "serve", "--port", "1"],
    "wsgi": [sys.executable, "-c", "import wsgi"],
}


def test_a_real_database_is_not_served_without_a_key(world, database_url):
    env = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    for command in COMMANDS.values():
        done = subprocess.run(
            command, env={**env, "DATABASE_URL": database_url}, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode != 0
        assert done.stderr.strip().splitlines()[-1].startswith("SECRET_KEY is not set.")
        assert "Traceback" not in done.stderr


def test_a_demonstration_needs_none(demo, database_url):
    env = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    done = subprocess.run(COMMANDS["wsgi"], env={**env, "DATABASE_URL": database_url}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
