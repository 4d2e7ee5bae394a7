"""What is installed, what it needs, and which part may import which."""

from __future__ import annotations

import ast
import configparser
import importlib.metadata
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

PACKAGES = ("kg", "ontology", "server")

GROUPS = {
    "kg.confidence": "values",
    "kg.errors": "values",
    "kg.model": "values",
    "kg.responses": "values",
    "kg.tables": "values",
    "kg.sparql": "values",
    "ontology": "ontology",
    "kg.rdf": "rdf",
    "kg.read": "steps",
    "kg.extract": "steps",
    "kg.resolve": "steps",
    "kg.link": "link",
    "kg.link.across": "joining",
    "kg.link.profiles": "joining",
    "kg.statements": "steps",
    "kg.store": "store",
    "kg.export": "store",
    "kg.search": "store",
    "kg.wikibase": "store",
    "kg.cli": "command line",
    "kg.__main__": "command line",
    "server": "server",
}
"""The group of each module, by its longest prefix here; all else of `kg` puts the parts together: "graph"."""

MAY_IMPORT = {
    "values": set(),
    "ontology": {"values"},
    "rdf": {"values", "ontology"},
    "link": {"values", "ontology", "rdf"},
    "steps": {"values", "ontology", "rdf", "link"},
    "joining": {"values", "ontology", "rdf", "link", "steps"},
    "store": {"values", "ontology", "rdf", "link", "joining"},
    "graph": {"values", "ontology", "rdf", "link", "steps", "joining", "store"},
    "command line": {"values", "ontology", "rdf", "link", "steps", "store", "graph", "server"},
    "server": {"values", "ontology", "rdf", "link", "steps", "store", "graph", "command line"},
}

NEEDED_BY_OTHERS = {"lxml-html-clean", "onnx", "uvloop"}
"""What setup.cfg requires and libraries import."""


def setup(root: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(root / "setup.cfg", encoding="utf-8")
    return parser


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, and for `from a import b` both `a` and `a.b`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def group(module: str) -> str:
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        if found := GROUPS.get(".".join(parts[:length])):
            return found
    return "graph"


def test_imports_go_one_way(root: Path) -> None:
    known = {name for name, _ in modules(root)}
    wrong = [
        f"{module} imports {name}"
        for module, path in modules(root)
        for name in imports(path)
        if name in known - {"kg", module}
        and group(name) != group(module)
        and group(name) not in MAY_IMPORT[group(module)]
    ]
    assert wrong == []


def test_every_folder_of_code_is_a_package_that_is_installed(root: Path) -> None:
    folders = {".".join(path.parent.relative_to(root).parts) for _, path in modules(root)}
    listed = setup(root)["options"]["packages"].split()
    assert listed == sorted(folders | {"newsgraph_data"})


def requirements(text: str) -> set[str]:
    return {line.partition(">=")[0].lower() for line in text.splitlines() if ">=" in line}


def libraries(paths: Iterable[Path]) -> set[str]:
    """The distributions that files import, but for the standard library and this one.

    What is not installed (the extra `train` may be missing) has the name of its module.
    """
    own = {*PACKAGES, "newsgraph_data", "tests", "_typeshed", *sys.stdlib_module_names}
    owners = importlib.metadata.packages_distributions()
    names = {name.partition(".")[0] for path in paths for name in imports(path)}
    return {owners.get(name, [name])[0].lower() for name in names - own}


def test_what_is_imported_is_required_and_what_is_required_is_imported(root: Path) -> None:
    parser = setup(root)
    required = requirements(
        parser["options"]["install_requires"]
        + "".join(parser["options.extras_require"][name] for name in ("parquet", "reasoner", "train"))
    )
    assert libraries(path for _, path in modules(root)) == required - NEEDED_BY_OTHERS


def test_what_tests_import_is_required(root: Path) -> None:
    parser = setup(root)
    extras = parser["options.extras_require"]
    required = requirements(parser["options"]["install_requires"] + extras["test"] + extras["train"])
    assert libraries((root / "tests").rglob("*.py")) - required == set()


def test_every_requirement_is_pinned(root: Path) -> None:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    parser = setup(root)
    groups = [parser["options"]["install_requires"], *parser["options.extras_require"].values()]
    required = {name.replace("_", "-") for text in groups for name in requirements(text)}
    assert required - pinned == set()


@pytest.mark.parametrize("group_name", ["kg.readers", "kg.extractors", "kg.linkers", "kg.exporters", "kg.stores"])
def test_the_built_in_parts_are_plug_ins_like_any_other(group_name: str) -> None:
    found = importlib.metadata.entry_points(group=group_name)
    assert found
    for entry in found:
        assert callable(entry.load())


def test_no_file_of_code_has_more_than_500_lines(root: Path) -> None:
    long = {name: count for name, path in modules(root) if (count := path.read_bytes().count(b"\n")) >= 500}
    assert long == {}
