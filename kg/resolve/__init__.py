"""Which mentions of an article stand for the same thing, and the facts between these things."""

from __future__ import annotations

from kg.resolve.resolution import resolve

__all__ = ["resolve"]
