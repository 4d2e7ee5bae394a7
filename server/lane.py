"""Quick queries share a worker: those that come while it is busy go to it together, in one message.

That spares the system most of the changes from one process to the other, and their caches. A query that is not quick
has the worker to itself, and those behind it, which the worker then leaves alone, go to another one.
"""

from __future__ import annotations

import asyncio
import pickle
import select
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from server.config import Config
from server.engine.messages import Batch, Failure, Head, Left, Query, Whole
from server.engine.pool import Pool, Stream, Worker
from server.errors import Busy

_QUICK = 0.006
"""Seconds that a worker has for the queries that were sent to it together."""
_MOST = 16
"""How many queries are sent together."""
_PATIENCE = 0.05
"""Seconds for which queries wait here for a worker."""
_ONCE = select.EPOLLIN | select.EPOLLONESHOT


class Turn(Protocol):
    """A query that waits for its answer."""

    has_left: bool
    """Whether nobody waits for the answer any more."""

    @property
    def query(self) -> Query: ...

    def settle(self, found: Whole | Failure) -> None:
        """This is the answer."""

    def begin(self, stream: Stream) -> None:
        """It takes longer: the answer will come by `stream`."""

    def send_away(self) -> None:
        """There is no worker here for now."""


class Ears:
    """Calls back once when a file has something to read; cheaper than a reader of the loop for each time."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._known: dict[int, Callable[[], None]] = {}
        self._is_heard = False

    def listen(self, file: int, callback: Callable[[], None]) -> None:
        if not self._is_heard:
            # Not sooner: only now there is a loop for sure.
            asyncio.get_running_loop().add_reader(self._epoll.fileno(), self._hear)
            self._is_heard = True
        self._known[file] = callback
        try:
            self._epoll.modify(file, _ONCE)
        except FileNotFoundError:
            self._epoll.register(file, _ONCE)

    def forget(self, file: int) -> None:
        """Call back no more."""
        self._known.pop(file, None)

    def _hear(self) -> None:
        for file, _ in self._epoll.poll(0):
            callback = self._known.pop(file, None)
            if callback is not None:
                callback()


class Lane:
    """Gives queries to one worker at a time, on the event loop."""

    def __init__(self, pool: Pool, config: Config, ears: Ears) -> None:
        self._pool = pool
        self._config = config
        self._ears = ears
        self._waiting: deque[Turn] = deque()
        self._running: deque[Turn] = deque()
        self._worker: Worker | None = None
        self._deadline = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._patience: asyncio.TimerHandle | None = None

    def join(self, turn: Turn) -> None:
        """Have a query answered. Its turn may be over when this returns."""
        self._waiting.append(turn)
        self._drive()

    def _drive(self) -> None:
        """Give what waits to a worker, if nothing runs and there is one."""
        while self._waiting and self._worker is None:
            try:
                worker = self._pool.spare()
            except Busy:
                worker = None
            if worker is None:
                if self._patience is None:
                    self._patience = asyncio.get_running_loop().call_later(_PATIENCE, self._send_away)
                return
            self._gather()
            if self._running:
                self._send(worker)
            else:
                self._pool.release(worker, is_whole=True)

    def _gather(self) -> None:
        """Choose what is to run: queries on the same snapshot, for which somebody waits."""
        while self._waiting and len(self._running) < _MOST:
            turn = self._waiting[0]
            if self._running and turn.query.snapshot != self._running[0].query.snapshot:
                return
            self._waiting.popleft()
            if turn.has_left:
                turn.send_away()
            else:
                self._running.append(turn)

    def _send(self, worker: Worker) -> None:
        self._deadline = time.monotonic() + _QUICK
        try:
            worker.pipe.send(Batch(tuple(turn.query for turn in self._running), self._deadline))
        except OSError:
            # It has ended since its last query.
            self._take_back()
            self._pool.release(worker, is_whole=False)
            return
        self._worker = worker
        self._ears.listen(worker.pipe.fileno(), self._hear)
        self._timer = asyncio.get_running_loop().call_later(_QUICK, self._overdue)

    def _take_back(self) -> None:
        self._waiting.extendleft(reversed(self._running))
        self._running.clear()

    def _hear(self) -> None:
        """The worker has something to say."""
        worker = self._worker
        assert worker is not None
        if self._goes_on(worker):
            self._ears.listen(worker.pipe.fileno(), self._hear)

    def _overdue(self) -> None:
        """The deadline has passed, after which the worker begins with none of the queries any more."""
        worker = self._worker
        assert worker is not None
        left = self._deadline - time.monotonic()
        if left > 0:
            # The loop's clock is coarser.
            self._timer = asyncio.get_running_loop().call_later(left + 0.001, self._overdue)
        elif self._goes_on(worker):
            self._part(worker, None)

    def _goes_on(self, worker: Worker) -> bool:
        """Settle what has been answered. Whether more of it is to come."""
        while self._running:
            try:
                told = worker.pipe.come()
            except (EOFError, OSError):
                # The first of the queries is told what has happened, when it asks.
                self._part(worker, None)
                return False
            if told is None:
                return True
            found = pickle.loads(told)
            if isinstance(found, Head):
                self._part(worker, found)
                return False
            if isinstance(found, Left):
                self._take_back()
            else:
                self._running.popleft().settle(found)
        self._free(worker)
        self._pool.release(worker, is_whole=True)
        self._drive()
        return False

    def _part(self, worker: Worker, head: Head | None) -> None:
        """Leave the worker to the first of the queries; the others get another one."""
        self._free(worker)
        first = self._running.popleft()
        has_others = bool(self._running)
        self._take_back()
        first.begin(Stream(self._pool, worker, self._config, head, others=has_others))
        self._drive()

    def _free(self, worker: Worker) -> None:
        assert self._timer is not None
        self._timer.cancel()
        self._ears.forget(worker.pipe.fileno())
        self._worker = None

    def _send_away(self) -> None:
        """There was no worker for a while: they wait elsewhere."""
        self._patience = None
        self._drive()
        if self._worker is None:
            waiting, self._waiting = self._waiting, deque()
            for turn in waiting:
                turn.send_away()
