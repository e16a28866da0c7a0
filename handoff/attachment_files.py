"""Decides where the files of pictures lie: one folder for a conversation, each file named by its content.

No part of a path comes from a caller: the folder is the id of a row, the name a sha256.
A file is whole on the disk before anybody may write a row about it. A folder belongs to
one conversation alone, so forgetting it asks nobody else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from uuid import UUID

_DIGEST = re.compile(r"[0-9a-f]{64}")
_FOLDER = re.compile(r"[0-9a-f]{32}")


class AttachmentFiles:
    """The files below one folder. Every method waits for the disk: call it in a thread."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, conversation_id: UUID, content: bytes) -> str:
        """Write the content, wait until the disk has it, and return its sha256."""
        digest = hashlib.sha256(content).hexdigest()
        folder = self._folder(conversation_id)
        _make(folder)
        # Written anew even if it is there: a fresh time keeps the sweep away from it.
        handle, name = tempfile.mkstemp(dir=folder, prefix="part-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(folder / digest)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync(folder)
        return digest

    def find(
        self, conversation_id: UUID, digest: str
    ) -> tuple[Path, os.stat_result] | None:
        """The file and what the disk says of it, or None if it is gone."""
        if not _DIGEST.fullmatch(digest):
            return None
        path = self._folder(conversation_id) / digest
        try:
            return path, path.stat()
        except OSError:
            return None

    def drop(self, conversation_id: UUID, digests: Collection[str]) -> None:
        folder = self._folder(conversation_id)
        for digest in digests:
            if _DIGEST.fullmatch(digest):
                (folder / digest).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # others are left in it
            folder.rmdir()

    def forget(self, conversation_id: UUID) -> None:
        """Take away everything that was sent in this conversation."""
        shutil.rmtree(self._folder(conversation_id), ignore_errors=True)

    def conversations(self) -> list[UUID]:
        """The conversations that have a folder."""
        found = self._root.glob("??/*")
        return [UUID(each.name) for each in found if _FOLDER.fullmatch(each.name)]

    def sweep(
        self, conversation_id: UUID, *, kept: Collection[str], before: float
    ) -> int:
        """Take away files that no row knows and that nobody has touched since `before`."""
        gone = 0
        for path in self._files(conversation_id):
            if path.name in kept:
                continue
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    gone += 1
        folder = self._folder(conversation_id)
        with contextlib.suppress(OSError):
            if folder.stat().st_mtime < before:
                folder.rmdir()
        return gone

    def _files(self, conversation_id: UUID) -> Iterator[Path]:
        with contextlib.suppress(OSError):
            yield from list(self._folder(conversation_id).iterdir())

    def _folder(self, conversation_id: UUID) -> Path:
        # The end of the id is chance, its beginning is time: so the folders fill evenly.
        name = conversation_id.hex
        return self._root / name[-2:] / name


def _make(folder: Path) -> None:
    """Make the folders that are missing, and let the disk know of each."""
    missing = [each for each in (folder, *folder.parents[:2]) if not each.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in missing:
        _sync(each.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
