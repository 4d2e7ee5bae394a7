"""Newsgraph reads news articles into a knowledge graph in which every fact cites its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.graph import Graph, Report

__all__ = ["Graph", "Report"]


def __getattr__(name: str) -> object:
    """Loads the graph when it is first asked for, so that `import kg.cli` stays quick."""
    if name not in __all__:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    import kg.graph

    return getattr(kg.graph, name)
