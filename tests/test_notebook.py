"""What a notebook shows: in a real kernel, escaped, and without a request."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kg
from kg.model import ArticleFacts, Document, Entity, Fact, Mention, Reference, Span

nbclient = pytest.importorskip("nbclient", reason="nbclient is missing: pip install nbclient ipykernel")
nbformat = pytest.importorskip("nbformat")

HOSTILE = "<script>alert(1)</script>"


def hostile() -> ArticleFacts:
    """An article about a person whose name is a script."""
    text = f"{HOSTILE} works for Acme."
    who = Mention(0, len(HOSTILE), "Person", "name", HOSTILE)
    where = Mention(text.index("Acme"), len(text) - 1, "Organization", "name", "Acme")
    entities = (Entity("e1", "Person", HOSTILE, (who,)), Entity("e2", "Organization", "Acme", (where,)))
    whole = Span(0, len(text))
    fact = Fact("e1", "employer", "e2", True, (("position", HOSTILE, False),), (Reference(whole, "hand", 1.0),))
    return ArticleFacts(Document("0" * 15 + "1", text, (whole,), title=HOSTILE), entities, (fact,))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The HTML of each cell of a notebook that a kernel runs."""
    folder: Path = tmp_path_factory.mktemp("notebook") / "graph"
    with kg.Graph.open(folder) as graph:
        graph.add_facts([hostile()])
    cells = {
        "open": f"import kg\ngraph = kg.Graph.open({str(folder)!r})",
        "graph": "graph",
        "entity": "graph.show('Acme')[0]",
        "statement": "graph.show('Acme')[0].facts_about[0]",
        "rows": "graph.query('SELECT ?name ?person { ?person a ng:Person ; rdfs:label ?name }')",
        "triples": "graph.query('DESCRIBE <entity/script-alert-1-script>')",
        "reply": "graph.ask('Who works for Acme?')",
        "not understood": "graph.ask('Who eats <b>Acme</b>?')",
        "many rows": "graph.query('SELECT ?a ?b { ?a ?b ?c . ?d ?e ?f }')",
        "close": "graph.close()",
    }
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells.values()])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    return {
        name: output["data"]["text/html"]
        for name, cell in zip(cells, notebook.cells, strict=True)
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    }


def test_each_thing_is_shown_as_html(shown: dict[str, str]) -> None:
    assert list(shown) == [
        "graph", "entity", "statement", "rows", "triples", "reply", "not understood", "many rows",
    ]  # fmt: skip
    assert "works for Acme." in shown["entity"]
    assert "works for Acme." in shown["reply"]
    assert "ng:employer" in shown["reply"]
    assert "not understood" in shown["not understood"]
    assert "ng:Person" in shown["triples"]
    assert "The first 100 are shown." in shown["many rows"]
    assert re.search(r"person</td><td [^>]*>1<", shown["graph"])


@pytest.mark.parametrize("name", ["graph", "entity", "statement", "rows", "triples", "reply", "not understood"])
def test_what_strangers_wrote_is_escaped_and_nothing_is_loaded(shown: dict[str, str], name: str) -> None:
    html = shown[name].lower()
    assert "<script" not in html
    assert "<b>" not in html
    assert not re.search(r"<(img|link|iframe|style|object|embed)|src=|@import|url\(", html)
    if name not in ("graph", "not understood"):
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_colours_are_the_notebook_s_own(shown: dict[str, str]) -> None:
    for html in shown.values():
        assert set(re.findall(r"(?<!-)color:([^;\"]+)", html)) <= {"inherit"}
        assert "background:transparent" in html
