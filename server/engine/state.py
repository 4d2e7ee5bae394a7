"""The version of the graph that queries see, shared by all processes of a server, and the folder of its snapshot."""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LAYOUT = struct.Struct("<QQ")
_FILE = "version"


@contextmanager
def address(socket: Path) -> Iterator[str]:
    """How a socket in the file system is named to the system, which takes no more than 107 bytes."""
    folder = os.open(socket.parent, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/{socket.name}"
    finally:
        os.close(folder)


class State:
    """One number in a file that every process has mapped: the keeper writes it, the others read it."""

    def __init__(self, runtime: Path, *, create: bool = False) -> None:
        self.runtime = runtime
        path = runtime / _FILE
        if create and not path.exists():
            path.write_bytes(bytes(_LAYOUT.size))
        with path.open("r+b" if create else "rb") as file:
            access = mmap.ACCESS_WRITE if create else mmap.ACCESS_READ
            self._map = mmap.mmap(file.fileno(), _LAYOUT.size, access=access)

    @property
    def version(self) -> int:
        """How many snapshots there have been; 0 before the first."""
        return int(_LAYOUT.unpack_from(self._map)[0])

    @property
    def keeper(self) -> int:
        """The number of the process that writes."""
        return int(_LAYOUT.unpack_from(self._map)[1])

    def publish(self, version: int) -> None:
        """Called by the keeper alone."""
        _LAYOUT.pack_into(self._map, 0, version, os.getpid())

    def folder(self, version: int) -> Path:
        return self.runtime / str(version)

    def close(self) -> None:
        self._map.close()
