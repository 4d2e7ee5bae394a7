"""Where things stand in pictures: the neighbours of an entity around it, and dated facts along the years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.facts import Named
from server.pages import Dated, Neighbour, Step
from server.reading import Kind

WIDTH = 900
_CENTRE = WIDTH / 2
_OUT = 190
"""How far from the centre the neighbours stand, to the left and to the right: their names need the rest."""
_ROW = 26
_SMALL = 12
"""A relation of so few neighbours stays in one column."""
_LEG = 280
"""How far a stop on a way is from the next one, and `_LANE`, how far from the one below it."""
_LANE = 90
_ABOVE = 6
_LEAST_YEARS = 4
_TICKS = 6
_LEAST_WIDTH = 0.8
"""Percent: a single date is a mark."""


@dataclass(frozen=True, slots=True)
class Node:
    """A neighbour, and the line that leads to it."""

    neighbour: Neighbour
    x: float
    y: float
    is_left: bool
    line: str


@dataclass(frozen=True, slots=True)
class Caption:
    """What the neighbours below it are to the entity."""

    text: str
    x: float
    y: float
    is_left: bool


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A picture of `WIDTH` by `height`, in the midst of which the entity stands."""

    height: float
    nodes: tuple[Node, ...]
    captions: tuple[Caption, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A dated fact: from where to where on the axis, in percent."""

    dated: Dated
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Dated facts over an axis; `ticks` are years and their places, in percent."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, float], ...]


def neighbourhood(neighbours: Sequence[Neighbour]) -> Neighbourhood:
    """The neighbours in two columns, one relation below the other."""
    groups: dict[str, list[Neighbour]] = {}
    for one in neighbours:
        groups.setdefault(one.group, []).append(one)
    sides: tuple[list[list[Neighbour]], list[list[Neighbour]]] = ([], [])
    heights = [0, 0]
    half = max(len(neighbours) // 2, _SMALL)
    parts = [group[start : start + half] for group in groups.values() for start in range(0, len(group), half)]
    for group in sorted(parts, key=len, reverse=True):
        side = 0 if heights[0] < heights[1] else 1
        sides[side].append(group)
        heights[side] += len(group) + 2
    height = max(*heights, 6) * _ROW
    nodes = []
    captions = []
    for side, column in enumerate(sides):
        is_left = side == 0
        x = _CENTRE - _OUT if is_left else _CENTRE + _OUT
        y = (height - heights[side] * _ROW) / 2 + _ROW
        for group in column:
            captions.append(Caption(group[0].relation, x, y, is_left))
            for one in group:
                y += _ROW
                middle = (_CENTRE + x) / 2
                line = f"M{_CENTRE:g} {height / 2:g}C{middle:g} {height / 2:g} {middle:g} {y:g} {x:g} {y:g}"
                nodes.append(Node(one, x, y, is_left, line))
            y += 2 * _ROW
    return Neighbourhood(height, tuple(nodes), tuple(captions))


@dataclass(frozen=True, slots=True)
class Stop:
    """An entity on a way, in the middle of the point."""

    entity: Named
    kind: Kind
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Leg:
    """A line from one stop to the next, and what it says, in the middle of the point."""

    line: str
    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ways:
    """A picture of `width` by `height`: the stops in columns, by how many facts they are from the start."""

    width: float
    height: float
    stops: tuple[Stop, ...]
    legs: tuple[Leg, ...]


def paths(start: tuple[Named, Kind], found: Sequence[Sequence[Step]]) -> Ways:
    """Shortest paths, all of one length, from the left to the right; what they share is drawn once."""
    columns: list[dict[str | None, tuple[Named, Kind]]] = [{start[0].iri: start}]
    legs: dict[tuple[int, str | None, str | None], dict[str, None]] = {}
    for path in found:
        before = start[0].iri
        for place, step in enumerate(path, start=1):
            if place == len(columns):
                columns.append({})
            columns[place][step.entity.iri] = (step.entity, step.kind)
            legs.setdefault((place, before, step.entity.iri), {})[step.relation.label] = None
            before = step.entity.iri
    height = _LANE * max(map(len, columns))
    stops: dict[tuple[int, str | None], Stop] = {}
    for place, column in enumerate(columns):
        for row, (iri, (entity, kind)) in enumerate(column.items()):
            y = height * (row + 0.5) / len(column) - _LANE / 10
            stops[place, iri] = Stop(entity, kind, _LEG * (place + 0.5), y)
    drawn = []
    for (place, before, after), texts in legs.items():
        a, b = stops[place - 1, before], stops[place, after]
        middle = (a.x + b.x) / 2
        line = f"M{a.x:g} {a.y:g}C{middle:g} {a.y:g} {middle:g} {b.y:g} {b.x:g} {b.y:g}"
        drawn.append(Leg(line, ", ".join(texts), middle, (a.y + b.y) / 2 - _ABOVE))
    return Ways(_LEG * len(columns), height, tuple(stops.values()), tuple(drawn))


def timeline(dated: Sequence[Dated]) -> Timeline:
    """The facts in their order, on an axis of whole years."""
    if not dated:
        return Timeline((), ())
    first = int(min(_year(one.first) for one in dated))
    last = max(int(max(_year(one.last) for one in dated)) + 1, first + _LEAST_YEARS)
    length = last - first
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000) if length / step <= _TICKS)

    def place(year: float) -> float:
        return round((year - first) / length * 100, 2)

    bars = []
    for one in dated:
        width = max(place(_year(one.last)) - place(_year(one.first)), _LEAST_WIDTH)
        bars.append(Bar(one, min(place(_year(one.first)), 100 - width), round(width, 2)))
    ticks = [(year, place(year)) for year in range(first - first % -step, last + 1, step)]
    return Timeline(tuple(bars), tuple(ticks))


def _year(date: str) -> float:
    """A date as a number of years: its beginning, so that a bare year stands where the axis says so."""
    parts = [int(part) for part in date.split("-")]
    return parts[0] + sum((part - 1) / size for part, size in zip(parts[1:], (12, 372), strict=False))
