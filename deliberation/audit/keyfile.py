"""The file with the private keys that sign the logs: one line a key, the newest first, nobody else's to read."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from deliberation.audit.notes import NoteError, SignerKey, signer_key

MOST = 2
"""Keys in the file: one, or the new and the old while one takes over from the other."""


class KeyFileError(RuntimeError):
    """The file cannot be used; the message is one line and says why."""


class NoKeyFile(KeyFileError):
    """There is no such file."""


def read(path: Path) -> tuple[SignerKey, ...]:
    """The keys in the file, checked at every use: a plain file, mode 0600 or stricter, one or two keys of one name."""
    try:
        # A pipe would keep whoever opens it waiting.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            lines = file.read(4096).decode("ascii", "replace").splitlines()
    except FileNotFoundError:
        raise NoKeyFile(f"there is no key at {path}: run 'deliberation log key'") from None
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(mode):
        raise KeyFileError(f"{path} is no plain file")
    if stat.S_IMODE(mode) & 0o077:
        raise KeyFileError(f"{path} is open to others: run 'chmod 600 {path}'")
    try:
        keys = tuple(map(signer_key, lines))
    except NoteError as error:
        raise KeyFileError(f"{path}: {error}") from None
    if not 0 < len(keys) <= MOST or len({key.name for key in keys}) != 1:
        raise KeyFileError(f"{path} must hold one key, or two of one name")
    return keys


def write(path: Path, keys: Sequence[SignerKey], *, new: bool) -> None:
    """Put the keys into the file in one step; with ``new`` it must not exist yet. Raises `KeyFileError`."""
    made = path if new else path.with_name(path.name + ".new")
    try:
        with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write("".join(f"{key.encoded()}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        os.replace(made, path)
    except FileExistsError:
        raise KeyFileError(f"{made} exists already") from None
    except OSError as error:
        raise KeyFileError(f"{made} cannot be written: {error.strerror}") from None
