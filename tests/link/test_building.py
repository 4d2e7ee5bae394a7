"""Indexes that are built from files of each kind."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from kg.errors import ReadError, UsageError
from kg.link.aliases import AliasIndex, Candidate
from kg.link.building import Building, Built, Plan
from kg.link.collecting import Collected, Said, Subclass, said
from kg.link.sources.kinds import kind_of
from kg.link.sources.reading import How
from kg.link.sources.streams import Stream
from kg.link.sources.wikibase import entity as wikibase_entity
from kg.link.writing import Entity, write

CRM = "https://crm.example.org/{id}"
WD = "http://www.wikidata.org/entity/"


def built(
    folder: Path, files: dict[str, str | bytes], plan: Plan | None = None
) -> tuple[AliasIndex, Built, list[ReadError]]:
    paths = []
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        paths.append(folder / name)
    wrong: list[ReadError] = []
    done = build(paths, folder / "made.index", plan or Plan("made"), wrong.append)
    assert not (folder / "made.index.part").exists()
    return AliasIndex.open(folder / "made.index"), done, wrong


def build(files: list[Path], output: Path, plan: Plan, wrong: Callable[[ReadError], None] = print) -> Built:
    with Building(files, output, plan, wrong) as building:
        building.read()
        return building.write()


def told(index: AliasIndex, name: str) -> list[tuple[str | None, str, str]]:
    return [(one.id, one.type, one.label) for one in index.candidates(name)]


# Tables


def test_a_table_gives_names_types_and_descriptions_by_its_column_names(tmp_path: Path) -> None:
    table = "Identifier,Name,Other names,Kind,Description\n7,Quarl GmbH,Quarl|QG,company,maker of nails\n8,Ada Holm,,person,\n"
    index, done, wrong = built(tmp_path, {"t.csv": table}, Plan("crm", CRM))
    assert index.candidates("Quarl GmbH") == (
        Candidate("7", "Organization", "Quarl GmbH", "maker of nails", 1.0, 0.8, "https://crm.example.org/7", "crm"),
    )
    assert told(index, "QG") == told(index, "Quarl") == [("7", "Organization", "Quarl GmbH")]
    assert told(index, "Ada Holm") == [("8", "Person", "Ada Holm")]
    assert (done.names, done.entities, dict(done.by_type), wrong) == (4, 2, {"Organization": 1, "Person": 1}, [])


def test_columns_of_other_names_separators_and_types_are_said(tmp_path: Path) -> None:
    table = "no.;firm;aka;sort\n1;Quarl;QG, Quarly;corporate body\n2;Zentora;;thing\n"
    plan = Plan(
        "crm",
        CRM,
        classes=(("Software", "corporate body"),),
        otherwise="Organization",
        columns=(("id", "no."), ("label", "firm"), ("alias", "aka"), ("type", "sort")),
        separator=",",
    )
    index, _, _ = built(tmp_path, {"t.csv": table}, plan)
    assert told(index, "Quarly") == [("1", "Software", "Quarl")]
    assert told(index, "Zentora") == [("2", "Organization", "Zentora")]


def test_a_thing_may_have_a_row_for_each_of_its_names(tmp_path: Path) -> None:
    table = "alias\tqid\ttype\tlabel\nQG\tQ7\tOrganization\tQuarl\nQuarly\tQ7\tOrganization\tQuarl\n"
    index, _, _ = built(tmp_path, {"t.tsv": table}, Plan("x", WD + "{id}"))
    assert told(index, "QG") == told(index, "Quarly") == told(index, "Quarl") == [("Q7", "Organization", "Quarl")]


def test_lines_that_are_wrong_are_named_and_the_others_are_in(tmp_path: Path) -> None:
    table = 'id,name,weight\n1,Quarl,\n,Nobody,\n3,,\n4,Zentora,2\n5,Plonk,much\n6,a,b,c\n7 8,Blank,\n9,"Two\nLines",0.5\n10,End,\n'
    index, done, wrong = built(tmp_path, {"t.csv": table}, Plan("x", CRM))
    assert sorted(told(index, name)[0][0] or "" for name in ("Quarl", "Two Lines", "End")) == ["1", "10", "9"]
    file = str(tmp_path / "t.csv")
    assert [error.source.removeprefix(file) for error in wrong] == [":3", ":4", ":5", ":6", ":7", ":8"]
    assert [next(word for word in WORDS if word in error.reason) for error in wrong] == list(WORDS)
    assert done.entities == 3


WORDS = ("no identifier", "no name", "from 0 to 1", "must be a number", "in quotes", "can't be part of an IRI")


def test_a_quotation_mark_that_is_not_closed_is_named_where_it_begins(tmp_path: Path) -> None:
    table = 'id,name\n1,Quarl\n2,"Zentora\n3,Plonk\n4,End\n'
    index, done, wrong = built(tmp_path, {"t.csv": table}, Plan("x", CRM))
    assert (done.names, "Quarl" in index) == (1, True)
    assert [error.source.rpartition(":")[2] for error in wrong] == ["3"]
    assert "quotation marks" in wrong[0].reason


def test_a_weight_says_how_well_known_a_thing_is(tmp_path: Path) -> None:
    table = "id,name,weight\n1,Quarl,0.2\n2,Quarl,0.6\n"
    index, _, _ = built(tmp_path, {"t.csv": table}, Plan("x", CRM))
    assert [(one.id, round(one.prior, 2), round(one.fame, 2)) for one in index.candidates("Quarl")] == [
        ("2", 0.75, 0.6),
        ("1", 0.25, 0.2),
    ]


def test_identifiers_that_are_iris_are_taken_whole_or_by_the_pattern(tmp_path: Path) -> None:
    table = "id,name\nhttps://ror.org/05a,Quarl\nhttps://other.org/1,Zentora\n"
    whole, _, _ = built(tmp_path, {"t.csv": table})
    assert [one.iri for one in whole.candidates("Quarl")] == ["https://ror.org/05a"]
    by_pattern, _, wrong = built(tmp_path, {"t.csv": table}, Plan("ror", "https://ror.org/{id}"))
    assert [(one.id, one.iri) for one in by_pattern.candidates("Quarl")] == [("05a", "https://ror.org/05a")]
    assert (by_pattern.candidates("Zentora"), wrong) == ((), [])


def test_an_identifier_is_one_whatever_signs_it_holds_that_an_iri_may_hold(tmp_path: Path) -> None:
    table = "id,name\nHRB:12/a,Quarl\n50%,Half\na[b],Brackets\nurn:x:1,Elsewhere\né%20,Plonk\n"
    index, _, wrong = built(tmp_path, {"t.csv": table}, Plan("x", CRM))
    assert [index.candidates(name)[0].iri for name in ("Quarl", "Plonk")] == [
        "https://crm.example.org/HRB:12/a",
        "https://crm.example.org/é%20",
    ]
    assert [error.source.rpartition(":")[2] for error in wrong] == ["3", "4"]


@pytest.mark.parametrize(
    ("table", "plan", "message"),
    [
        ("a,b\n1,2\n", Plan("x", CRM), "--column id=NAME"),
        ("id,b\n1,2\n", Plan("x", CRM), "--column label=NAME"),
        ("id,name\n1,2\n", Plan("x"), "--iri"),
        ("id,name\n1,2\n", Plan("x", "no pattern"), r"\{id\}"),
        ("id,name\n1,2\n", Plan("x", CRM, columns=(("id", "z"),)), "has no column 'z'"),
        ("id,name\n1,2\n", Plan("x", CRM, columns=(("nix", "id"),)), "there is no 'nix'"),
        ("id,name\n1,2\n", Plan("x", CRM, otherwise="Firm"), "no entity type 'Firm'"),
        ("id,name\n1,2\n", Plan("x", CRM, types=frozenset({"Firm"})), "no entity type 'Firm'"),
        ("id,name\n1,2\n", Plan("x", CRM, classes=(("Firm", "a"),)), "no entity type 'Firm'"),
        ("id,name\n", Plan("x", CRM), "nothing to make"),
        ("", Plan("x", CRM), "none at all"),
    ],
)
def test_what_can_give_no_index_says_what_to_do(tmp_path: Path, table: str, plan: Plan, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        built(tmp_path, {"t.csv": table}, plan)
    assert not (tmp_path / "made.index").exists()


def test_no_file_is_overwritten_by_the_index_that_is_made_of_it(tmp_path: Path) -> None:
    table = tmp_path / "names.csv"
    table.write_text("id,name\n1,Quarl\n")
    with pytest.raises(UsageError, match="is one of the files"):
        build([table], table, Plan("made", CRM))
    assert table.read_text() == "id,name\n1,Quarl\n"
    assert list(tmp_path.iterdir()) == [table]


def test_a_table_that_is_no_utf_8_says_so(tmp_path: Path) -> None:
    index, _, wrong = built(
        tmp_path, {"t.csv": b"id,name\n1,Quarl\n2,M\xfcller\n", "u.csv": "\ufeffid,name\n3,Plonk\n"}, Plan("x", CRM)
    )
    assert [error.reason for error in wrong] == ["is no UTF-8: save the table as UTF-8"]
    assert told(index, "Plonk") == [("3", "", "Plonk")]


# Dumps of Wikidata


def item(name: str, label: str, kinds: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    return {
        "type": "item",
        "id": name,
        "labels": {"en": {"language": "en", "value": label}, "de": {"language": "de", "value": f"{label} (de)"}},
        "descriptions": {"en": {"language": "en", "value": f"what {label} is"}},
        "aliases": [],
        "claims": {"P31": [claim("P31", kind) for kind in kinds]},
        "sitelinks": {},
    } | more


def claim(name: str, value: str, rank: str = "normal") -> dict[str, Any]:
    found = {"value": {"entity-type": "item", "id": value}, "type": "wikibase-entityid"}
    return {"mainsnak": {"snaktype": "value", "property": name, "datavalue": found}, "type": "statement", "rank": rank}


def dump(*items: dict[str, Any] | str) -> str:
    lines = [one if isinstance(one, str) else json.dumps(one) for one in items]
    return "[\n" + ",\n".join(lines) + "\n]\n"


STARTUP = item("Q900", "startup", claims={"P279": [claim("P279", "Q901")]})
FIRM = item("Q901", "firm", claims={"P279": [claim("P279", "Q43229"), claim("P279", "Q900")]})


def test_a_dump_gives_items_of_the_ontologys_types_and_of_their_subclasses(tmp_path: Path) -> None:
    content = dump(
        item("Q1", "Ada Holm", ["Q5"]),
        STARTUP,
        item("Q2", "Quarl", ["Q900"], aliases={"en": [{"language": "en", "value": "QG"}]}),
        item("Q3", "Some gene", ["Q7187"]),
        FIRM,
        {"type": "property", "id": "P31", "labels": {}},
    )
    index, done, wrong = built(tmp_path, {"dump.json": content})
    assert told(index, "QG") == [("Q2", "Organization", "Quarl")]
    assert [(one.qid, one.description) for one in index.candidates("Ada Holm")] == [("Q1", "what Ada Holm is")]
    assert index.candidates("Some gene") == index.candidates("startup") == ()
    assert (dict(done.by_type), done.left_out, wrong) == ({"Organization": 1, "Person": 1}, 3, [])


def test_of_a_dump_only_wanted_types_and_languages_are_kept(tmp_path: Path) -> None:
    content = dump(item("Q1", "Ada Holm", ["Q5"]), item("Q2", "Quarl", ["Q43229"]))
    index, _, _ = built(
        tmp_path, {"dump.json": content}, Plan("x", types=frozenset({"Person"}), languages=("de", "en"))
    )
    assert told(index, "Ada Holm") == [("Q1", "Person", "Ada Holm (de)")]
    assert index.candidates("Quarl") == ()


def test_the_best_ranked_class_counts_and_the_nearest_type(tmp_path: Path) -> None:
    ranked = {"P31": [claim("P31", "Q5"), claim("P31", "Q7397", "preferred"), claim("P31", "Q515", "deprecated")]}
    both = {"P31": [claim("P31", "Q900"), claim("P31", "Q7397")]}
    content = dump(item("Q1", "Plonk", claims=ranked), item("Q2", "Both", claims=both), STARTUP, FIRM)
    index, _, _ = built(tmp_path, {"dump.json": content})
    assert [told(index, name)[0][1] for name in ("Plonk", "Both")] == ["Software", "Software"]


def test_an_item_with_pages_in_many_projects_is_better_known(tmp_path: Path) -> None:
    links = {f"{code}wiki": {"site": f"{code}wiki", "title": "x"} for code in ("en", "de", "fr", "it", "es")}
    content = dump(item("Q1", "Quarl", ["Q5"]), item("Q2", "Quarl", ["Q43229"], sitelinks=links))
    index, _, _ = built(tmp_path, {"dump.json": content})
    assert [one.id for one in index.candidates("Quarl")] == ["Q2", "Q1"]


def test_a_line_of_a_dump_that_is_no_item_is_named(tmp_path: Path) -> None:
    content = dump(item("Q1", "Ada", ["Q5"]), '{"type": "item", "id":', '{"id": "Q3"}', item("Q4", "Bo", ["Q5"]))
    index, _, wrong = built(tmp_path, {"dump.json": content})
    assert [error.source.rpartition(":")[2] for error in wrong] == ["3", "4"]
    assert "Ada" in index
    assert "Bo" in index


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)])
def test_a_compressed_dump_is_read_and_a_cut_one_says_so(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    content = dump(*(item(f"Q{number}", f"Ada {number}", ["Q5"]) for number in range(2000))).encode()
    half = content.index(b"\n", len(content) // 2)
    packed = pack(content[:half]) + pack(content[half:])  # as parallel programs do
    index, done, wrong = built(tmp_path, {f"dump.json{suffix}": packed})
    assert (done.entities, wrong, told(index, "Ada 1999")) == (2000, [], [("Q1999", "Person", "Ada 1999")])
    _, done, wrong = built(tmp_path, {f"dump.json{suffix}": packed[:-500]})
    assert 900 < done.entities < 2000
    assert "fetch it anew" in wrong[-1].reason


def stopped(files: list[Path], output: Path, after: int) -> None:
    """Begin to build, and be interrupted."""
    calls = 0

    def stop(done: int, total: int | None) -> None:
        nonlocal calls
        calls += 1
        if calls == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Building(files, output, Plan("made"), print) as building:
        building.read(stop)


@pytest.mark.parametrize("suffix", ["", ".bz2"])
def test_what_was_interrupted_goes_on_and_comes_to_the_same(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.link.sources.wikibase.TOGETHER", 100)
    monkeypatch.setattr("kg.link.sources.streams._CHUNK", 1000)
    content = dump(*(item(f"Q{number}", f"Ada {number % 700}", ["Q5"]) for number in range(1000))).encode()
    parts = [content[at : at + 20_000] for at in range(0, len(content), 20_000)]
    (tmp_path / f"dump.json{suffix}").write_bytes(b"".join(map(bz2.compress, parts)) if suffix else content)
    file, output = tmp_path / f"dump.json{suffix}", tmp_path / "made.index"
    build([file], tmp_path / "whole.index", Plan("made"))
    stopped([file], output, 3)
    read: list[str] = []

    def entity(data: dict[str, Any], how: How) -> Iterator[Said | Subclass]:
        read.append(data["id"])
        yield from wikibase_entity(data, how)

    monkeypatch.setattr("kg.link.sources.wikibase.entity", entity)
    build([file], output, Plan("made"))
    assert read == [f"Q{number}" for number in range(300, 1000)]
    assert output.read_bytes() == (tmp_path / "whole.index").read_bytes()


def test_what_was_interrupted_begins_anew_where_something_else_is_asked(tmp_path: Path) -> None:
    file, output = tmp_path / "dump.json", tmp_path / "made.index"
    file.write_text(dump(item("Q1", "Ada", ["Q5"])), encoding="utf-8")
    stopped([file], output, 1)
    file.write_text(dump(item("Q2", "Bo", ["Q5"])), encoding="utf-8")
    done = build([file], output, Plan("made"))
    assert (done.entities, "Bo" in AliasIndex.open(output)) == (1, True)


def test_the_lines_of_a_stream_go_on_at_any_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.link.sources.streams._CHUNK", 7)
    lines = [f"line {number} {'x' * (number % 13)}".encode() for number in range(200)]
    content = b"\n".join(lines)
    parts = [content[at : at + 333] for at in range(0, len(content), 333)]
    for name, data in (
        ("a.txt", content),
        ("a.bz2", b"".join(map(bz2.compress, parts))),
        ("a.gz", gzip.compress(content)),
    ):
        (tmp_path / name).write_bytes(data)
        for cut in (1, 57, 199):
            with Stream(tmp_path / name) as stream:
                first = list(islice(stream, cut))
                position = stream.position
            with Stream(tmp_path / name, position) as rest:
                assert first + list(rest) == lines, (name, cut)
                assert rest.number == 200


# RDF


TURTLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix schema: <http://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix ex: <https://ex.org/> .
ex:Startup a rdfs:Class ; rdfs:label "startup"@en ; rdfs:subClassOf schema:Organization .
ex:quarl a ex:Startup ; skos:prefLabel "Quarl"@en , "Karl"@de ; skos:altLabel "QG"@en-GB ; schema:description "nails" .
ex:ada a schema:Person ; schema:name "Ada Holm" ; schema:alternateName "A. Holm" .
ex:topic a skos:Concept ; skos:prefLabel "Topic"@en .
[] schema:name "Nothing" .
"""


@pytest.mark.parametrize("name", ["t.ttl", "t.nt", "t.rdf", "t.jsonld", "t.nq", "t.ttl.gz"])
def test_rdf_of_any_form_gives_names_by_the_usual_properties(tmp_path: Path, name: str) -> None:
    import pyoxigraph as ox

    forms = {"nt": "N_TRIPLES", "rdf": "RDF_XML", "jsonld": "JSON_LD", "nq": "N_QUADS"}
    form = getattr(ox.RdfFormat, forms.get(name.split(".")[1], "TURTLE"))
    content = ox.serialize(ox.parse(TURTLE, format=ox.RdfFormat.TURTLE), format=form)
    assert content is not None
    index, done, wrong = built(tmp_path, {name: gzip.compress(content) if name.endswith("gz") else content})
    assert told(index, "QG") == told(index, "Quarl") == [("https://ex.org/quarl", "Organization", "Quarl")]
    assert told(index, "A. Holm") == [("https://ex.org/ada", "Person", "Ada Holm")]
    assert told(index, "Topic") == [("https://ex.org/topic", "", "Topic")]
    assert [name for name in ("startup", "Karl", "Nothing") if name in index] == []
    assert (done.entities, wrong) == (3, [])


def test_an_iri_that_is_none_is_left_out_of_rdf(tmp_path: Path) -> None:
    content = '<http://ex.org/a b> <https://schema.org/name> "Broken" .\n<http://ex.org/c> <https://schema.org/name> "Quarl" .\n'
    index, done, _ = built(tmp_path, {"t.ttl": content})
    assert (done.entities, "Quarl" in index) == (1, True)


def test_a_truthy_dump_gives_items(tmp_path: Path) -> None:
    lines = [
        f'<{WD}Q7> <http://www.w3.org/2000/01/rdf-schema#label> "Quarl"@en .',
        f"<{WD}Q7> <http://www.wikidata.org/prop/direct/P31> <{WD}Q900> .",
        f"<{WD}Q7> <http://www.wikidata.org/prop/direct/P17> <{WD}Q1> .",
        f"<{WD}Q900> <http://www.wikidata.org/prop/direct/P279> <{WD}Q43229> .",
        "nonsense",
        f'<{WD}Q8> <http://www.w3.org/2000/01/rdf-schema#label> "Broken .',
        '<https://en.wikipedia.org/wiki/Quarl> <http://schema.org/name> "Quarl"@en .',
        f'<{WD}Q9> <http://www.w3.org/2000/01/rdf-schema#label> "Zentora"@en .',
    ]
    index, _, wrong = built(
        tmp_path, {"truthy.nt.bz2": bz2.compress("\n".join(lines).encode())}, Plan("x", WD + "{id}")
    )
    assert told(index, "Quarl") == [("Q7", "Organization", "Quarl")]
    assert [one.qid for one in index.candidates("Zentora")] == ["Q9"]
    assert [error.source.rpartition(":")[2] for error in wrong] == ["5", "6"]


def test_turtle_that_breaks_off_is_named_with_its_line(tmp_path: Path) -> None:
    content = TURTLE + 'ex:broken schema:name .\nex:late schema:name "Late" .\n'
    index, _, wrong = built(tmp_path, {"t.ttl": content})
    assert [error.source.removeprefix(str(tmp_path)) for error in wrong] == ["/t.ttl:9"]
    assert "Quarl" in index


# Answers of SPARQL endpoints


ROWS = [
    {"item": {"type": "uri", "value": WD + "Q7"}, "itemLabel": {"type": "literal", "value": "Quarl"}},
    {"item": {"type": "uri", "value": WD + "Q7"}, "itemAltLabel": {"type": "literal", "value": "QG"}},
    {"itemLabel": {"type": "literal", "value": "Nobody"}},
]
RESULTS = json.dumps({"head": {"vars": ["item", "itemLabel", "itemAltLabel"]}, "results": {"bindings": ROWS}})


@pytest.mark.parametrize("name", ["r.json", "r.srj", "r.xml", "r.tsv", "r.csv"])
def test_answers_of_an_endpoint_give_names_by_their_variables(tmp_path: Path, name: str) -> None:
    import pyoxigraph as ox

    forms = {"r.xml": ox.QueryResultsFormat.XML, "r.tsv": ox.QueryResultsFormat.TSV, "r.csv": ox.QueryResultsFormat.CSV}
    answer = ox.parse_query_results(RESULTS, format=ox.QueryResultsFormat.JSON)
    assert isinstance(answer, ox.QuerySolutions)
    content = answer.serialize(format=forms[name]) if name in forms else RESULTS.encode()
    assert content is not None
    index, _, wrong = built(tmp_path, {name: content}, Plan("x", WD + "{id}"))
    assert told(index, "QG") == told(index, "Quarl") == [("Q7", "", "Quarl")]
    assert ["has no identifier" in error.reason for error in wrong] == [True]


# What all have in common


def test_several_files_make_one_index_in_whatever_order(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.csv": "id,name,type\n1,Quarl,\n", "b.csv": "id,alias,type\n1,QG,company\n"}
    index, _, _ = built(tmp_path, files, Plan("x", CRM))
    assert told(index, "QG") == [("1", "Organization", "Quarl")]
    first = (tmp_path / "made.index").read_bytes()
    built(tmp_path, dict(reversed(files.items())), Plan("x", CRM))
    assert (tmp_path / "made.index").read_bytes() == first


def test_a_file_of_no_known_kind_says_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--format .*wikibase, table, ntriples"):
        kind_of(tmp_path / "dump.zip")


def test_names_are_found_in_their_usual_unicode_form_only_and_none_is_too_long(tmp_path: Path) -> None:
    things = [
        said("1", "Cafe\u0301  Quarl", ["x" * 256, "y" * 255]),
        said("2", "z" * 300),
        said("3", "", ["Only alias"]),
    ]
    with_parts = Collected.open(tmp_path / "c.part", "test")
    with_parts.add([*things, Subclass("a", "b"), Said("4")])
    write(tmp_path / "i.index", "i", CRM, with_parts.entities({}))
    with_parts.close(is_done=True)
    index = AliasIndex.open(tmp_path / "i.index")
    assert told(index, "Caf\u00e9 Quarl") == told(index, "y" * 255) == [("1", "", "Caf\u00e9 Quarl")]
    assert "x" * 256 not in index
    assert told(index, "Only alias") == [("3", "", "Only alias")]
    assert (len(index), index.items()) == (3, frozenset({"1", "3"}))


def test_every_name_of_an_index_is_found_whatever_their_number(tmp_path: Path) -> None:
    for count in (1, 2, 7, 300):
        things = [Entity(str(n), f"N{n}", {f"N{n}": 200, f"A{n % 5}": 1 + n % 255}, "", "") for n in range(count)]
        write(tmp_path / "i.index", "i", CRM, things)
        index = AliasIndex.open(tmp_path / "i.index")
        assert [told(index, f"N{n}") for n in range(count)] == [[(str(n), "", f"N{n}")] for n in range(count)]
        assert len(index.candidates("A0")) == -(-count // 5)
        assert [name for name in ("N", "N-1", "", "A9", "n1") if name in index] == []
        assert index.items() == frozenset(str(n) for n in range(count))
