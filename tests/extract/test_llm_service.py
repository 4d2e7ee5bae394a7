"""How a service is asked: again where that helps, at its pace, in parts, and never twice for the same."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest

import kg.pipeline
from kg.errors import ReadError, UsageError
from kg.extract.llm.estimate import estimate
from kg.extract.llm.extractor import Llm
from kg.extract.llm.parts import parts
from kg.extract.llm.service import Service
from kg.model import Document
from kg.read import Input, document
from tests.extract.llm import Model, Reply, answer, entity, fact, side

TEXT = "Lena Okafor founded Brightloom in March 2019."
FOUNDED = answer(
    entity("Lena Okafor", "Person"),
    entity("Brightloom", "Organization"),
    fact(side("Brightloom"), "founded_by", side("Lena Okafor"), TEXT),
)
RIGHT = Reply(FOUNDED)


def article(text: str = TEXT) -> Document:
    return document(text, source="news/okafor.txt")


def relations(service: Service, text: str = TEXT) -> list[str]:
    return [each.relation for each in Llm(service).extract(article(text)).relations]


def test_the_question_is_asked_for_the_likeliest_answer_with_a_seed_and_a_schema(
    model: Model, service: Service
) -> None:
    relations(service)
    (question,) = model.asked
    assert (question["model"], question["temperature"], question["seed"]) == ("test-1", 0, 0)
    format = question["response_format"]
    assert (format["type"], format["json_schema"]["strict"]) == ("json_schema", True)


def test_a_field_that_a_service_refuses_can_be_left_out(model: Model, service: Service) -> None:
    relations(replace(service, without="temperature, seed"))
    assert {"temperature", "seed"}.isdisjoint(model.asked[0])


def test_a_busy_service_is_asked_again_after_the_time_that_it_names(model: Model, service: Service) -> None:
    model.say(Reply("slow down", 429, {"Retry-After": "1"}), RIGHT)
    assert relations(service) == ["founded_by"]
    first, second = model.times
    assert second - first >= 1


def test_the_time_to_wait_may_be_a_date(model: Model, service: Service) -> None:
    model.say(Reply("slow down", 503, {"Retry-After": formatdate(time.time() + 2, usegmt=True)}), RIGHT)
    assert relations(service) == ["founded_by"]
    first, second = model.times
    assert second - first >= 0.9


def test_without_one_each_wait_is_twice_as_long(model: Model, service: Service) -> None:
    model.say(*[Reply("oh", status) for status in (500, 502, 429)], RIGHT)
    assert relations(replace(service, wait=0.1)) == ["founded_by"]
    waits = [later - earlier for earlier, later in zip(model.times, model.times[1:], strict=False)]
    assert waits[0] >= 0.1
    assert waits[1] >= 0.2
    assert waits[2] >= 0.4


def test_a_service_that_asks_for_hours_fails_at_once(model: Model, service: Service) -> None:
    model.say(Reply("come back tomorrow", 429, {"Retry-After": "86400"}))
    with pytest.raises(ReadError, match="429 come back tomorrow"):
        relations(service)
    assert len(model.asked) == 1


@pytest.mark.parametrize("reply", [Reply("{oh"), Reply(raw=b"<html>"), Reply(None), Reply(raw=b"{}"), Reply("[]")])
def test_malformed_answers_are_asked_for_again_and_then_an_error_of_the_article(
    model: Model, service: Service, reply: Reply
) -> None:
    model.say(reply, RIGHT)
    assert relations(service) == ["founded_by"]
    model.say(reply)
    with pytest.raises(ReadError, match=r"news/okafor\.txt: the service at") as raised:
        relations(replace(service, retries=1), TEXT + " Yes.")
    assert raised.value.source == "news/okafor.txt"
    assert len(model.asked) == 4


def test_a_silent_service_is_an_error_of_the_article(model: Model, service: Service) -> None:
    model.say(Reply(FOUNDED, delay=1.5))
    begun = time.monotonic()
    with pytest.raises(ReadError, match=r"did not answer within 0\.2 s"):
        relations(replace(service, timeout=0.2, retries=1))
    assert time.monotonic() - begun < 1.5


def test_a_service_that_is_not_there_is_an_error_of_the_article(service: Service) -> None:
    with pytest.raises(ReadError, match="can't be reached"):
        relations(replace(service, address="http://127.0.0.1:9/v1", retries=1))


def test_after_some_failures_in_a_row_each_article_is_tried_once(model: Model, service: Service) -> None:
    model.say(Reply("oh", 500))
    llm = Llm(replace(service, retries=2))
    for number in range(5):
        with pytest.raises(ReadError):
            llm.extract(article(f"{TEXT} {number}."))
    assert len(model.asked) == 3 * 3 + 2


def test_a_question_that_is_refused_is_an_error_of_the_article_alone(model: Model, service: Service) -> None:
    def reply(text: str) -> Reply:
        return Reply("content filter", 400) if "Bo" in text else RIGHT

    model.reply = reply
    settings = kg.pipeline.Settings(("llm",), service=service)
    inputs = [Input("a.jsonl", f'{{"id": "{n}", "text": "{t}"}}'.encode(), n) for n, t in enumerate(("Bo.", TEXT))]
    (failed,), (read,) = kg.pipeline.read_all(inputs, settings)
    assert isinstance(failed, ReadError)
    assert "refuses the question (400 content filter)" in str(failed)
    assert isinstance(read, kg.pipeline.Reading)
    assert read.facts is not None
    assert [each.relation for each in read.facts.facts] == ["founded_by"]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply("bad key s3cret", 401), r"refuses the key \(401 bad key …\): set KG_LLM_KEY"),
        (Reply("no such model", 404), r"no model 'test-1' \(404 no such model\)"),
        (Reply("", 302, {"Location": "http://elsewhere.example/"}), "has no such address"),
    ],
)
def test_what_would_fail_for_any_article_ends_the_reading(
    model: Model, service: Service, monkeypatch: pytest.MonkeyPatch, reply: Reply, told: str
) -> None:
    monkeypatch.setenv("KG_LLM_KEY", "s3cret")
    model.say(reply)
    with pytest.raises(UsageError, match=told):
        relations(service)
    assert len(model.asked) == 1


def test_the_key_comes_from_the_environment_or_a_file(
    model: Model, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("from-file\n")
    relations(service)
    relations(replace(service, key_file=str(tmp_path / "key")), TEXT + " A.")
    monkeypatch.setenv("KG_LLM_KEY", "from-environment")
    relations(replace(service, key_file=str(tmp_path / "key")), TEXT + " B.")
    assert model.signed == [None, "Bearer from-file", "Bearer from-environment"]
    kept = b"".join(file.read_bytes() for file in (tmp_path / "kept").rglob("*") if file.is_file())
    assert b"from-" not in kept


@pytest.mark.parametrize("content", [None, "", "two\nlines"])
def test_a_file_without_a_key_is_named(service: Service, tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "key").write_text(content)
    with pytest.raises(UsageError, match="key"):
        relations(replace(service, key_file=str(tmp_path / "key")))


def test_a_second_reading_asks_nothing_and_gives_the_same(model: Model, service: Service) -> None:
    model.say(RIGHT, Reply(answer()))
    first = Llm(service).extract(article())
    assert Llm(service).extract(article()) == first
    assert len(model.asked) == 1
    assert Llm(replace(service, model="test-2")).extract(article()) != first
    assert len(model.asked) == 2


@pytest.mark.parametrize("spoilt", ['{"content": ', '{"content": "{", "cut": false}', '{"content": 3}', "[]"])
def test_a_file_of_the_cache_that_is_no_whole_one_is_asked_for_again(
    model: Model, service: Service, spoilt: str
) -> None:
    model.say(RIGHT)
    relations(service)
    (kept,) = service.kept.rglob("*.json")
    kept.write_text(spoilt)
    assert relations(service) == ["founded_by"]
    assert len(model.asked) == 2


def test_a_cache_that_can_not_be_written_is_named(service: Service, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="KG_LLM_CACHE"):
        relations(replace(service, cache=str(tmp_path / "file" / "kept")))


def test_a_long_article_is_sent_in_parts_of_whole_sentences(model: Model, service: Service) -> None:
    lines = [f"Number {number} of the sentences says little, and takes its place." for number in range(40)]
    text = " ".join([*lines, TEXT])
    model.reply = lambda sent: RIGHT if TEXT in sent else Reply(answer())
    assert relations(replace(service, part=500), text) == ["founded_by"]
    assert len(model.texts) > 4
    for sent in model.texts:
        assert len(sent) <= 500
        assert sent in text
        assert sent.endswith(".")
    for line in lines:
        assert any(line in sent for sent in model.texts)
    begins = [text.index(sent) for sent in model.texts]
    assert begins == sorted(set(begins))


def test_parts_hold_every_sentence_and_overlap_where_there_is_room() -> None:
    found = document(" ".join(["It is so."] * 300 + ["x" * 900 + "."] + ["It is so."] * 30))
    cut = parts(found.sentences, 500)
    for sentence in found.sentences:
        assert any(part.start <= sentence.start and sentence.end <= part.end for part in cut)
    assert all(later.start > earlier.start for earlier, later in itertools.pairwise(cut))
    assert any(later.start < earlier.end for earlier, later in itertools.pairwise(cut))
    assert parts((), 500) == []


def test_where_an_answer_is_cut_off_the_part_is_halved(model: Model, service: Service) -> None:
    text = f"{TEXT} It was so. It is so."
    model.reply = lambda sent: Reply('{"entities": [', finish="length") if len(sent) > len(TEXT) else RIGHT
    assert relations(service, text) == ["founded_by"]
    asked = len(model.asked)
    assert relations(service, text) == ["founded_by"]
    assert len(model.asked) == asked
    model.say(Reply("{", finish="length"))
    with pytest.raises(ReadError, match="too long"):
        relations(service, "Yes. No.")


def test_questions_keep_their_distance(model: Model, service: Service) -> None:
    paced = replace(service, requests_per_minute=300)
    one, other = Llm(paced), Llm(paced)  # as two processes have them
    for number in range(3):
        one.extract(article(f"{TEXT} {number}."))
        other.extract(article(f"{TEXT} {number} again."))
    waits = [later - earlier for earlier, later in zip(model.times, model.times[1:], strict=False)]
    assert min(waits) >= 0.15


def test_the_estimate_counts_what_is_not_known_yet(model: Model, service: Service) -> None:
    priced = replace(service, price_in=1.0, price_out=2.0, limit_cost=0.000001)
    before = estimate([article()], priced)
    assert (before.articles, before.questions) == (1, 1)
    assert before.tokens_in > before.tokens_out > 0
    assert before.cost == pytest.approx((before.tokens_in + 2 * before.tokens_out) / 1_000_000)
    assert before.passes(priced)
    assert not before.passes(service)
    assert before.passes(replace(service, limit_tokens=10))
    assert f"about {before.cost:,.2f}" in before.describe(priced)
    assert model.asked == []
    relations(priced)
    sent = len(str(model.asked[0])) / 4
    assert sent * 0.8 < before.tokens_in < sent * 1.2
    after = estimate([article()], priced, ["https://example.org/a"])
    assert (after.articles, after.questions) == (2, 1)
    assert estimate([article()], priced).cost == 0


def test_the_environment_wins_over_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"address": "https://a.example/v1", "model": "m", "retries": 2, "timeout": 3}
    found = Service.of(table, {"KG_LLM_MODEL": "other", "KG_LLM_PRICE_IN": "0.5"})
    assert (found.model, found.retries, found.timeout, found.price_in) == ("other", 2, 3, 0.5)


@pytest.mark.parametrize(
    ("table", "environment", "told"),
    [
        ({}, {}, "has no address and no model"),
        ({"model": "m"}, {}, "has no address: set them"),
        ({"address": "ftp://x", "model": "m"}, {}, "no plain http or https address"),
        ({"address": "https://me:pass@x.example", "model": "m"}, {}, "no plain http or https address"),
        ({"api_key": "s"}, {}, "the key stands in KG_LLM_KEY"),
        ({"retries": -1}, {}, "llm.retries is -1"),
        ({"part": True}, {}, "llm.part is True"),
        ({"model": 3}, {}, "llm.model is 3: it must be a text"),
        ({"address": "https://x.example", "model": "m"}, {"KG_LLM_TIMEOUT": "soon"}, "KG_LLM_TIMEOUT is 'soon'"),
        ({"address": "https://x.example", "model": "m"}, {"KG_LLM_TIMEOUT": "nan"}, "KG_LLM_TIMEOUT is nan"),
    ],
)
def test_what_is_wrong_in_the_settings_is_named(
    table: dict[str, object], environment: dict[str, str], told: str
) -> None:
    with pytest.raises(UsageError) as raised:
        Service.of(table, environment)
    assert told in str(raised.value)


def test_without_settings_the_extractor_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KG_LLM_ADDRESS", raising=False)
    settings = kg.pipeline.Settings(("llm",))
    with pytest.raises(UsageError, match=r"\[llm\] in newsgraph\.toml"):
        kg.pipeline.read_article(article(), settings)
