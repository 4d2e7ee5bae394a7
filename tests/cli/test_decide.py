"""`kg decide`, on a real store."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_a_fact_is_rejected_listed_and_taken_back(run: Run) -> None:
    assert run("add", "news").code == 0
    (found,) = json.loads(run("show", "Lena Okafor", "--json").out)
    statements = [fact["iri"] for fact in found["facts"]]
    rejected = run("decide", "reject", statements[0], "--by", "Ann", "--why", "A joke.", "--json")
    assert rejected.code == 0, rejected.err
    (told,) = json.loads(rejected.out)
    assert (told["verdict"], told["author"], told["reason"]) == ("reject", "Ann", "A joke.")
    (after,) = json.loads(run("show", "Lena Okafor", "--json").out)
    assert [fact["iri"] for fact in after["facts"]] == statements[1:]
    assert told["id"] in run("decide", "list").out
    assert run("decide", "undo", told["id"]).code == 0
    assert json.loads(run("show", "Lena Okafor", "--json").out) == [found]


def test_each_kind_of_decision_is_made(run: Run) -> None:
    assert run("add", "news").code == 0
    for arguments in (
        ["link", "Brightloom", "Q5"],
        ["unlink", "Brightloom", "Q6"],
        ["add", "Tom Abara", "residence", "Brightloom"],
        ["add", "Tom Abara", "employer", "Acme Robotics", "start=2019", "--json"],
    ):
        result = run("decide", *arguments)
        assert result.code == (2 if "residence" in arguments else 0), result
    (tom,) = json.loads(run("show", "Tom Abara", "--json").out)
    added = next(fact for fact in tom["facts"] if fact["object"]["label"] == "Acme Robotics")
    assert run("decide", "accept", added["iri"]).code == 0
    assert run("decide", "correct", added["iri"], "start", "2020").code == 0
    listed = json.loads(run("decide", "list", "--json").out)
    assert sorted(one["what"] for one in listed if "Acme" in one["what"]) == [
        "Tom Abara employer Acme Robotics (start 2019)",
        "Tom Abara employer Acme Robotics (start 2020)",
    ]


def test_a_wrong_call_is_one_line_and_changes_nothing(run: Run) -> None:
    assert run("add", "news").code == 0
    for arguments in (["undo", "0"], ["add", "Lena Okafor", "employer", "Brightloom", "2019"], ["accept", "x"]):
        result = run("decide", *arguments)
        assert result.code == 2
        assert result.err.count("\n") == 1
    assert json.loads(run("decide", "list", "--json").out) == []


def test_entities_are_merged_and_split(run: Run) -> None:
    assert run("add", "news").code == 0
    before = run("export", "--format", "nquads").out
    merged = run("decide", "merge", "Tom Abara", "Lena Okafor", "--json")
    assert merged.code == 0, merged.err
    (decision,) = json.loads(merged.out)
    (lena,) = json.loads(run("show", "Tom Abara", "--json").out)
    assert lena["label"] == "Lena Okafor"
    assert "said on 20" in run("show", "Lena Okafor", "--why").out
    (explained,) = json.loads(run("show", "Lena Okafor", "--why", "--json").out)
    assert [told["what"] for told in explained["decided"]] == ["Tom Abara same as Lena Okafor"]
    article = lena["articles"][0]["iri"]
    split = run("decide", "split", "Lena Okafor", "Lena Okafor (rower)", article, "--json")
    assert split.code == 0, split.err
    decisions = [decision["id"], *(told["id"] for told in json.loads(split.out))]
    assert article in run("decide", "list").out
    assert run("decide", "undo", *decisions).code == 0
    assert run("export", "--format", "nquads").out == before
