"""Imports go one way, and the command line starts without what it does not use."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

LAYERS = (
    {"server"},
    {"kg.cli", "kg.__main__", "kg.baseline"},
    {"kg.linking_scores", "kg.measures", "kg.pairs", "kg.published", "kg.results", "kg.why"},
    {"kg.train"},
    {"kg.annotations", "kg.check", "kg.evaluate", "kg.knowledgenet"},
    {"kg.pipeline", "kg.graph", "kg"},
    {"kg.deciding"},
    {"kg.ask", "kg.found", "kg.reconcile"},
    {"kg.facts", "kg.hints", "kg.notebook", "kg.paths"},
    {"kg.store", "kg.export", "kg.search", "kg.wikibase"},
    {"kg.read", "kg.extract", "kg.resolve", "kg.link", "kg.statements", "kg.confidence"},
    {"kg.rdf", "kg.sparql"},
    {"kg.model", "kg.responses", "kg.tables"},
    {"ontology"},
    {"kg.errors"},
)
"""From the top: a module may import from its own layer and from those below."""

UPWARD = {(f"kg.cli.{name}", "server") for name in ("backup", "reference", "serve", "settings")}
"""What is for the server in the command line: `kg serve` starts it, and others go by its settings and snapshots."""

LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    for folder in ("kg", "ontology", "server"):
        for path in sorted((root / folder).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            yield ".".join(part for part in parts if part != "__init__"), path


def part(module: str) -> str:
    """The package that a module belongs to, as `LAYERS` names it."""
    names = module.split(".")
    return ".".join(names[:2]) if names[0] == "kg" else names[0]


def imported(name: str, path: Path, known: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            module = node.module or ""
            for alias in node.names:
                full = f"{module}.{alias.name}"
                yield full if full in known else module


def test_imports_go_one_way(root: Path) -> None:
    found = list(modules(root))
    known = {name for name, _ in found}
    wrong = [
        f"{name} imports {other}"
        for name, path in found
        for other in imported(name, path, known)
        if other.split(".")[0] in {"kg", "ontology", "server"}
        and LEVEL[part(other)] < LEVEL[part(name)]
        and (name, part(other)) not in UPWARD
    ]
    assert wrong == []


def test_every_package_has_its_layer(root: Path) -> None:
    unknown = {part(name) for name, _ in modules(root)} - set(LEVEL)
    assert unknown == set()


def test_only_one_package_knows_the_shape_in_rdf(root: Path) -> None:
    terms = ("nlp2rdf", "www.w3.org/ns/prov#", "2005/11/its/rdf#", "rdf-syntax-ns#subject")
    known = {
        path.relative_to(root).as_posix()
        for name, path in modules(root)
        if part(name) not in {"kg.rdf", "ontology"} and any(term in path.read_text("utf-8") for term in terms)
    }
    assert known == set()


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import kg.cli", ["pyoxigraph", "rdflib", "flask", "trafilatura", "kg.graph", "kg.extract", "rich"]),
        ("import kg", ["pyoxigraph", "rdflib", "flask", "kg.graph"]),
        ("import kg.graph", ["rdflib", "flask", "trafilatura", "kg.pipeline", "kg.extract", "kg.read"]),
    ],
)
def test_nothing_is_imported_before_it_is_used(root: Path, statement: str, unwanted: list[str]) -> None:
    code = f"import sys, json; {statement}; print(json.dumps(sorted(sys.modules)))"
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=root).stdout
    assert sorted(set(json.loads(output)) & set(unwanted)) == []
