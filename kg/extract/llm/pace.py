"""When the next question may be asked: a turn for each, taken by all processes from one file."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path

from kg.errors import UsageError

FILE = "pace"
_FARTHEST = 600.0
"""Seconds after which no turn lies: a file that says more is of a clock that was set back."""


class Pace:
    """Turns at even distances. Raises UsageError where the folder can't be written."""

    def __init__(self, folder: Path, per_minute: float) -> None:
        self._file = folder / FILE
        self._between = 60.0 / per_minute if per_minute else 0.0

    def wait(self) -> None:
        """Return when it is this question's turn."""
        delay = self._take(0.0)
        if delay > 0:
            time.sleep(delay)

    def hold(self, seconds: float) -> None:
        """Let nobody ask for so many seconds."""
        self._take(seconds)

    def _take(self, hold: float) -> float:
        """Take the next turn, or put it off; how many seconds it is away."""
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._file.open("a+", encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.seek(0)
                now = time.time()
                turn = min(max(now, _number(file.read())), now + _FARTHEST)
                file.truncate(0)
                file.write(repr(max(turn, now + hold) if hold else turn + self._between))
        except OSError as error:
            raise UsageError(
                f"{self._file} can't be written ({error.strerror}): set cache under [llm], or KG_LLM_CACHE, "
                "to another folder"
            ) from error
        return turn - now


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
