"""What the project asks for, beside what is measured."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """What the project asks for: the figure that an answer must reach and should reach."""

    name: str
    must: float
    aim: float
    is_rate: bool = False

    def told(self, value: float, unit: str = "") -> tuple[str, bool]:
        reached = value >= self.must if self.is_rate else value <= self.must
        verdict = "reached" if reached else "MISSED"
        return f"{self.name:<62} {value:8.3f}{unit}  must {self.must:g}, aim {self.aim:g}: {verdict}", reached


def geometric_mean(values: Iterable[float]) -> float:
    return math.exp(statistics.mean(map(math.log, values)))
