"""What can go wrong, one class for each thing that a caller would do differently.

    NewsgraphError
    ├── ReadError          this input can't be read; go on with the next      (exit code 1)
    ├── StoreError         the store can't be opened, or not written
    │   └── LateError      it did not answer in time
    ├── QueryError         the query is wrong
    │   └── RefusedError   it is well-formed, and asks for what is never done
    ├── ServiceError       another endpoint, which the query asks, does not answer
    ├── OntologyError      the ontology's file is wrong
    └── UsageError         the call is wrong                                   (exit code 2)

Each message names what was wrong, what was available, and what to do; it is one line, ready to be shown.
"""

from __future__ import annotations


class NewsgraphError(Exception):
    """Any error that newsgraph raises on purpose."""


class ReadError(NewsgraphError):
    """An input could not be read. `source` is the path or URL, `reason` a clause that follows it."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        return type(self), (self.source, self.reason)


class StoreError(NewsgraphError):
    """The store could not be opened or written."""


class LateError(StoreError):
    """A store elsewhere did not answer in time."""


class QueryError(NewsgraphError):
    """A SPARQL query or update is malformed, or can't be carried out."""


class RefusedError(QueryError):
    """A well-formed query or update would reach out of the graph."""


class ServiceError(NewsgraphError):
    """Another endpoint did not answer as it should; `is_late` where it took too long."""

    def __init__(self, message: str, *, is_late: bool = False) -> None:
        super().__init__(message)
        self.is_late = is_late


class OntologyError(NewsgraphError):
    """The ontology's file does not hold what it must."""


class UsageError(NewsgraphError):
    """The caller asked for something that does not exist or can't be combined."""
