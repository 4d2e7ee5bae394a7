"""Why mentions are one entity, and why it has its item."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from kg.cli import cli
from kg.graph import Graph
from kg.why import explain
from tests.store.making import article


def test_each_article_is_explained_with_its_names_its_link_and_the_candidates() -> None:
    with Graph.open() as graph:
        graph.add_facts(
            [
                article(1, [("Linux Foundation", "Organization")], qids=["Q858851"]),
                article(2, [("LINUX FOUNDATION", "Organization")], others=[("Zyxgard Board",)]),
            ]
        )
        first, second = explain(graph.facts, graph.store, f"{graph.base}entity/linux-foundation")
    assert first.names == ("Linux Foundation",)
    assert first.items == ("http://www.wikidata.org/entity/Q858851",)
    assert (first.candidates[0].item,) == first.items
    assert first.candidates[0].probability >= first.least
    assert first.candidates[0].reasons[0].weight > 0
    assert second.names == ("LINUX FOUNDATION", "Zyxgard Board")
    assert second.items == ()
    assert first.slug == second.slug == "linux-foundation"


def test_show_explains_on_the_command_line(tmp_path: Path) -> None:
    store = str(tmp_path / "graph")
    with Graph.open(store) as graph:
        graph.add_facts([article(1, [("Zyxgard", "Software")])])
    result = CliRunner().invoke(cli, ["show", "Zyxgard", "--why", "--store", store], catch_exceptions=False)
    assert "linked to nothing" in result.output
    assert "no index holds anything of these names" in result.output
    result = CliRunner().invoke(cli, ["show", "Zyxgard", "--why", "--json", "--store", store], catch_exceptions=False)
    assert json.loads(result.output)[0]["why"][0]["slug"] == "zyxgard"
