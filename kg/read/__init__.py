"""Reads articles: text, HTML, PDF, feeds, JSON Lines, folders of these, and URLs, each into a `kg.model.Document`.

    for result in kg.read.read("articles/"):          # a Document, or a ReadError: the rest goes on
        …

`expand` and `read_input` are the two halves of `read`, for a caller that spreads the reading over processes: an
`Input` can be pickled. A kind of file is added by a `Reader`, registered as an entry point of the group `kg.readers`.
"""

from kg.read.documents import document
from kg.read.inputs import count, expand, read, read_input, readers
from kg.read.source import Input, Options, Reader, Source

__all__ = [
    "Input",
    "Options",
    "Reader",
    "Source",
    "count",
    "document",
    "expand",
    "read",
    "read_input",
    "readers",
]
