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


def test_what_joins_an_article_with_others_and_what_tells_it_from_a_homonym_is_explained() -> None:
    art, sport = (
        "The sculptor showed a bronze in 1931. " * 40,
        "A goalkeeper of the football team and a striker. " * 40,
    )
    with Graph.open() as graph:
        graph.add_facts(
            [
                article(1, [("Ada Quellmann", "Person")], text=art.strip()),
                article(
                    2,
                    [("Ada Quellmann", "Person")],
                    text=art.strip(),
                    others=[("Quellmann",)],
                    said="she",
                    pronouns=[0],
                ),
                article(3, [("Ada Quellmann", "Person")], text=sport.strip()),
            ]
        )
        first, _ = explain(graph.facts, graph.store, f"{graph.base}entity/ada-quellmann_person-art")
        (other,) = explain(graph.facts, graph.store, f"{graph.base}entity/ada-quellmann_person-sport")
    assert [reason.what for reason in first.reasons if reason.weight > 0] == [
        "the same name: ada-quellmann",
        "fields that go together: art",
    ]
    assert [one.name for one in first.others] == ["ada-quellmann (Person, sport)"]
    assert min(first.others[0].reasons, key=lambda reason: reason.weight).what == "other fields: art; sport"
    assert other.reasons == ()
    assert other.others[0].name == "ada-quellmann (Person, art)"


def test_show_explains_on_the_command_line(tmp_path: Path) -> None:
    store = str(tmp_path / "graph")
    with Graph.open(store) as graph:
        graph.add_facts([article(1, [("Zyxgard", "Software")])])
    result = CliRunner().invoke(cli, ["show", "Zyxgard", "--why", "--store", store], catch_exceptions=False)
    assert "linked to nothing" in result.output
    assert "no index holds anything of these names" in result.output
    result = CliRunner().invoke(cli, ["show", "Zyxgard", "--why", "--json", "--store", store], catch_exceptions=False)
    assert json.loads(result.output)[0]["why"][0]["slug"] == "zyxgard"
