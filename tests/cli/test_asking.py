"""The extractor `llm` from the command line: its settings, what it costs, and who agrees to that."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.extract.llm import Model, Reply, answer, entity, fact, serving, side

SENTENCE = "Lena Okafor, who founded Brightloom in 2019, left Acme Robotics on 4 March 2019."
FOUNDED = answer(
    entity("Lena Okafor", "Person"),
    entity("Brightloom", "Organization"),
    fact(side("Brightloom"), "founded_by", side("Lena Okafor"), SENTENCE),
)


@pytest.fixture
def model(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    """A model that newsgraph.toml in the folder describes."""
    for name in [name for name in os.environ if name.startswith("KG_LLM_")]:
        monkeypatch.delenv(name)
    with serving() as found:
        found.reply = lambda text: Reply(FOUNDED) if SENTENCE in text else Reply(answer())
        settings(folder, found)
        yield found


def settings(folder: Path, model: Model, *more: str) -> None:
    lines = ["[llm]", f'address = "{model.address}"', 'model = "test-1"', "wait = 0.01", *more]
    if not any(line.startswith("cache") for line in more):
        lines.append('cache = "kept"')
    (folder / "newsgraph.toml").write_text("\n".join(lines) + "\n")


def test_articles_are_read_by_the_model_that_the_settings_name(run: Run, folder: Path, model: Model) -> None:
    result = run("add", "news", "--extractor", "llm")
    assert result.code == 0
    assert result.out.startswith("Articles: 2 added. Facts: 1.")
    assert f"test-1 at {model.address}: 2 articles, 2 questions" in result.err
    assert (folder / "kept").is_dir()
    assert "Lena Okafor" in run("show", "Brightloom").out


def test_it_is_off_unless_it_is_named(run: Run, model: Model) -> None:
    assert run("add", "news", "--extractor", "wordings").code == 0
    assert model.asked == []


def test_without_settings_it_is_a_wrong_call(run: Run, folder: Path, model: Model) -> None:
    (folder / "newsgraph.toml").unlink()
    result = run("add", "news", "--extractor", "llm")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "[llm] in newsgraph.toml" in result.err


def test_a_second_reading_asks_nothing_and_says_nothing(run: Run, model: Model) -> None:
    assert run("add", "news", "--extractor", "llm").code == 0
    asked = len(model.asked)
    result = run("add", "news", "--extractor", "llm", "--store", "other")
    assert (result.code, result.err) == (0, "")
    assert len(model.asked) == asked


def test_an_article_that_the_model_fails_for_is_named_and_the_rest_is_read(run: Run, model: Model) -> None:
    model.reply = lambda text: Reply(FOUNDED) if SENTENCE in text else Reply("too much", 400)
    result = run("add", "news", "--extractor", "llm")
    assert result.code == 1
    assert "abara.txt: the service at" in result.err
    assert "(400 too much)" in result.err
    assert result.out.startswith("Articles: 1 added. Facts: 1.")


def test_past_the_limit_a_pipe_is_refused_unless_it_says_yes(run: Run, folder: Path, model: Model) -> None:
    settings(folder, model, "limit_tokens = 100")
    result = run("add", "news", "--extractor", "llm")
    assert result.code == 2
    assert "say --yes" in result.err
    assert model.asked == []
    assert run("add", "news", "--extractor", "llm", "--yes").code == 0


def test_past_the_limit_of_money_a_pipe_is_refused(run: Run, folder: Path, model: Model) -> None:
    settings(folder, model, "price_in = 1000", "price_out = 1000", "limit_cost = 0.01")
    result = run("add", "news", "--extractor", "llm")
    assert result.code == 2
    assert "to receive, about " in result.err


@pytest.mark.parametrize(("said", "code"), [("y", 0), ("n", 130)])
def test_past_the_limit_a_person_is_asked(folder: Path, model: Model, said: str, code: int) -> None:
    settings(folder, model, "limit_tokens = 100")
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "kg", "add", "news", "--extractor", "llm"]
    with subprocess.Popen(command, cwd=folder, stdin=end, stdout=subprocess.DEVNULL, stderr=end) as process:
        os.close(end)
        shown = b""
        while b"Go on?" not in shown:
            shown += os.read(terminal, 1024)
        os.write(terminal, f"{said}\n".encode())
        try:
            while os.read(terminal, 1024):
                pass
        except OSError:
            pass  # the other end is closed: the command is done
        assert process.wait(60) == code
    os.close(terminal)
    assert b"questions that were not asked before" in shown
    assert bool(model.asked) == (said == "y")


def test_lines_are_annotated_and_a_pipe_is_read_once(run: Run, folder: Path, model: Model) -> None:
    line = json.dumps({"id": "1", "text": SENTENCE}) + "\n"
    command = [sys.executable, "-m", "kg", "extract", "-", "--extractor", "llm"]
    done = subprocess.run(command, cwd=folder, input=line * 2, capture_output=True, text=True, check=True)
    assert "2 articles" in done.stderr
    relations = [[each["relation"] for each in json.loads(line)["facts"]] for line in done.stdout.splitlines()]
    assert relations == [["founded_by"], ["founded_by"]]


def test_the_number_of_processes_changes_nothing(run: Run, folder: Path, model: Model) -> None:
    lines = [json.dumps({"id": str(number), "text": f"{SENTENCE} Number {number}."}) for number in range(40)]
    (folder / "many.jsonl").write_text("\n".join(lines) + "\n")
    outputs = []
    for workers in ("1", "2"):
        settings(folder, model, f'cache = "kept{workers}"')
        result = run("extract", "many.jsonl", "--extractor", "llm", "--workers", workers, "--yes")
        assert result.code == 0
        outputs.append(result.out)
    assert outputs[0] == outputs[1]
    assert outputs[0].count("founded_by") == 40
    assert len(model.asked) == 80


def test_a_key_that_is_refused_stops_all_processes(run: Run, folder: Path, model: Model) -> None:
    model.say(Reply("bad key", 401))
    lines = [json.dumps({"id": str(number), "text": f"{SENTENCE} Number {number}."}) for number in range(40)]
    (folder / "many.jsonl").write_text("\n".join(lines) + "\n")
    result = run("extract", "many.jsonl", "--extractor", "llm", "--workers", "2", "--yes")
    assert (result.code, result.out) == (2, "")
    assert "refuses the key (401 bad key): set KG_LLM_KEY" in result.err


def test_evaluation_may_ask_a_model_too(run: Run, folder: Path, model: Model) -> None:
    line = {"id": "1", "text": SENTENCE, "entities": [], "facts": []}
    (folder / "gold.jsonl").write_text(json.dumps(line) + "\n")
    result = run("evaluate", "gold.jsonl", "--extractor", "llm", "--json")
    assert (result.code, json.loads(result.out)["facts"]["predicted"]) == (0, 1)


@pytest.mark.parametrize(
    ("more", "told"),
    [("key = 'k'", "the key stands in KG_LLM_KEY"), ("retries = 'often'", "llm.retries is 'often'")],
)
def test_what_is_wrong_in_the_table_is_named_with_the_file(
    run: Run, folder: Path, model: Model, more: str, told: str
) -> None:
    settings(folder, model, more)
    result = run("add", "news", "--extractor", "llm")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "newsgraph.toml" in result.err
    assert told in result.err
