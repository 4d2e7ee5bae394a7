"""The lines of a file that may be compressed and very long; one can go on from where another reading stopped."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from kg.errors import ReadError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 18
_LONGEST = 100_000_000
"""How many bytes a line may have; one item of Wikidata has a few millions."""
_MAGIC = 6
COMPRESSIONS = (".gz", ".bz2", ".xz")


class _Unpacker(Protocol):
    """What `bz2`, `lzma` and `zlib` give to unpack one stream with."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


def _unpacker(beginning: bytes) -> _Unpacker | None:
    if beginning.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    if beginning.startswith(b"BZh"):
        return bz2.BZ2Decompressor()
    if beginning.startswith(b"\xfd7zXZ\x00"):
        return lzma.LZMADecompressor()
    return None


class Stream:
    """The content of a file, unpacked where it is compressed by gzip, bzip2 or xz.

    Large dumps consist of many compressed streams, one after the other. A position tells the place in the file where
    the stream begins, how many unpacked bytes of it were read, and the number of the line: so nothing before that stream is
    unpacked again. Where the content is broken, it ends there, and `faults` say why.
    """

    def __init__(self, path: Path, position: str = "") -> None:
        """`position` is where another `Stream` of the file was. Raises ReadError where the file can't be opened."""
        self._path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise ReadError(str(path), f"can't be read ({(error.strerror or str(error)).lower()})") from error
        start, skip, number = (int(part) for part in position.split(":")) if position else (0, 0, 0)
        self.number = number
        """The number of the line that was given last, from 1."""
        self.faults: list[ReadError] = []
        self._starts = [(start, 0)]  # of each stream, where it begins, in the file and unpacked
        self._given = skip
        self._file.seek(start)
        self._beginning = self._file.read(_CHUNK)
        self._is_packed = _unpacker(self._beginning) is not None
        self._skip = skip if self._is_packed else 0
        if not self._is_packed:
            self._file.seek(start + skip)

    @property
    def done(self) -> int:
        """How many bytes of the file have been read."""
        return self._file.tell()

    @property
    def position(self) -> str:
        """Where to go on after the line that was given last."""
        while len(self._starts) > 1 and self._starts[1][1] <= self._given:
            del self._starts[0]
        start, unpacked = self._starts[0]
        return f"{start}:{self._given - unpacked}:{self.number}"

    def file(self) -> io.BufferedReader:
        """The content as a file."""
        return io.BufferedReader(_Blocks(self.blocks()))

    def blocks(self) -> Iterator[bytes]:
        """The content in blocks."""
        for block in self._unpacked():
            yield block[self._skip :]
            self._skip = max(0, self._skip - len(block))

    def __iter__(self) -> Iterator[bytes]:
        """The lines, without their ends. A line that is too long to be one ends them."""
        rest = b""
        for block in self.blocks():
            lines = (rest + block).split(b"\n") if rest else block.split(b"\n")
            rest = lines.pop()
            for line in lines:
                self._given += len(line) + 1
                self.number += 1
                yield line
            if len(rest) > _LONGEST:
                self.faults.append(
                    ReadError(
                        f"{self._path}:{self.number + 1}", f"is longer than {_LONGEST:,} bytes: put things on lines"
                    )
                )
                return
        if rest:
            self._given += len(rest)
            self.number += 1
            yield rest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _unpacked(self) -> Iterator[bytes]:
        if not self._is_packed:
            while block := self._file.read(_CHUNK):
                yield block
            return
        data, total = self._beginning, 0
        while (unpacker := _unpacker(data)) is not None:  # what is none fills the last block of some files
            while True:
                if not data:
                    self._fault("is not whole: it ends within a compressed part")
                    return
                try:
                    block = unpacker.decompress(data)
                except (OSError, zlib.error, lzma.LZMAError) as error:
                    self._fault(f"is broken ({error})")
                    return
                total += len(block)
                yield block
                if unpacker.eof:
                    break
                data = self._file.read(_CHUNK)
            data = unpacker.unused_data
            self._starts.append((self._file.tell() - len(data), total))
            if len(data) < _MAGIC:
                data += self._file.read(_CHUNK)

    def _fault(self, reason: str) -> None:
        self.faults.append(ReadError(str(self._path), f"{reason}; what comes before is taken: fetch it anew"))


class _Blocks(io.RawIOBase):
    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        size = min(len(view), len(self._rest))
        view[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
