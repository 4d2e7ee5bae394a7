"""Tables: CSV and TSV, with a line of column names. One thing may have one row, or one for each of its names."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kg.errors import ReadError, UsageError
from kg.link.collecting import Said, Subclass, said
from kg.link.sources.reading import TOGETHER, How, Part
from kg.link.sources.streams import Stream
from kg.link.sources.vocabulary import column, fame, in_new_form, vocabulary

_DELIMITERS = "\t,;"


def read(path: Path, how: How, position: str) -> Iterator[Part]:
    """The things of a table; always from its beginning."""
    with Stream(path) as stream:
        try:
            yield from _read(path, how, stream)
        except UnicodeDecodeError as error:
            raise ReadError(f"{path}:{stream.number}", "is no UTF-8: save the table as UTF-8") from error


def _read(path: Path, how: How, stream: Stream) -> Iterator[Part]:
    lines = (line.decode("utf-8-sig" if stream.number == 1 else "utf-8") + "\n" for line in stream)
    header = next(lines, "")
    delimiter = max(_DELIMITERS, key=header.count)
    names = next(csv.reader([header], delimiter=delimiter), [])
    places = columns(names, how, str(path))
    found: list[Said | Subclass] = []
    wrong: list[ReadError] = []
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = stream.number + 1
        try:
            row = next(rows, None)
            if row is None:
                break
            if any(row):
                if len(row) != len(names):
                    raise ValueError(
                        f"has {len(row)} cells, and the header {len(names)}: put cells that hold {delimiter!r} in quotes"
                    )
                thing = of_row({key: [row[place] for place in at] for key, at in places.items()}, how)
                found += [thing] if thing is not None else []
        except csv.Error as error:
            reason = f"is no row of a table ({error}): see whether its quotation marks are closed, and doubled within"
            wrong.append(ReadError(f"{path}:{start}", reason))
        except UnicodeDecodeError:
            raise
        except ValueError as error:
            wrong.append(ReadError(f"{path}:{start}", f"{error}; the row is left out"))
        if len(found) >= TOGETHER or len(wrong) >= TOGETHER:
            yield Part(found, wrong, "", stream.done)
            found, wrong = [], []
    yield Part(found, [*wrong, *stream.faults], "", stream.done)


def columns(names: Sequence[str], how: How, source: str) -> dict[str, list[int]]:
    """Where in a row is what, by the names of the columns. Raises UsageError where there is no identifier or name."""
    known = vocabulary()["columns"]
    given = dict.fromkeys((key for key, _ in how.columns), ())
    if unknown := sorted(given.keys() - known.keys()):
        raise UsageError(f"there is no {unknown[0]!r} in an index: a column holds one of {', '.join(known)}")
    if missing := [name for _, name in how.columns if name not in names]:
        raise UsageError(f"{source} has no column {missing[0]!r}; it has: {', '.join(names)}")
    places: dict[str, list[int]] = {}
    for key, called in known.items():
        wanted = [name for what, name in how.columns if what == key]
        fits = [name in wanted if key in given else column(name) in called for name in names]
        if found := [place for place, is_it in enumerate(fits) if is_it]:
            places[key] = found
    if not {"label", "alias"} & places.keys() or "id" not in places:
        lacking = "identifiers" if "id" not in places else "names"
        key = "id" if "id" not in places else "label"
        raise UsageError(
            f"{source} has no column for {lacking} that is called as expected: say which one it is by "
            f"--column {key}=NAME. It has: {', '.join(names) or 'none at all'}"
        )
    return places


def of_row(cells: Mapping[str, Sequence[str]], how: How) -> Said | None:
    """What a row says; None where it is about a thing of another register. Raises ValueError with the reason where it
    is wrong, as a clause."""
    texts = {key: [text.strip() for text in found if text.strip()] for key, found in cells.items()}
    if not texts["id"]:
        raise ValueError("has no identifier")
    identifier = how.identifiers.of(texts["id"][0])
    if identifier is None:
        return None
    aliases = [part.strip() for text in texts.get("alias", ()) for part in text.split(how.separator)]
    label, *others = texts.get("label", [""]) or [""]
    names = [name for name in (*others, *aliases) if name]
    if not label and not names:
        raise ValueError("has no name")
    kinds = [part.strip() for text in texts.get("type", ()) for part in text.split(how.separator)]
    classes = [in_new_form(kind) if ":" in kind else kind.lower() for kind in kinds if kind]
    weight = None
    if texts.get("weight"):
        weight = _number("weight", texts["weight"][0])
        if not 0 <= weight <= 1:
            raise ValueError(f"has the weight {texts['weight'][0]}: it must be from 0 to 1")
    elif texts.get("sitelinks"):
        weight = fame(_number("number of sitelinks", texts["sitelinks"][0]))
    description = " ".join(texts.get("description", ()))
    return said(identifier, label, names, description, classes, weight)


def _number(what: str, text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError as error:
        raise ValueError(f"has the {what} {text!r}: it must be a number") from error
