"""The README and the guides do what they say: their commands, queries and programs run as they stand.

A block marked `sh` is run; where a `text` block follows it, that is what the command must print. `sparql` must find
something, `python` and `turtle` must be right. `bash`, `zsh` and `fish` mark what is not run: it would change the
reader's home, or run the tests in the tests.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib
from flask import Flask

import server.blueprints

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(#[^)]*)?\)|src=\"(?!https?:)([^\"]+)\"")
NOT_RUN = ("git clone ", "cd newsgraph", "scripts/", "source .venv/")
SHELL = """
set -euo pipefail
serve_briefly() {
    "$@" --port $PORT > served.txt &
    for _ in $(seq 100); do
        if curl --fail --silent --output health.txt http://localhost:$PORT/health; then break; fi
        sleep 0.1
    done
    kill $!
    wait $!
    grep -q ok health.txt
}
"""
"""What stands before the commands of a page: a command that serves would never end."""
WARNINGS = "error,ignore:Dataset.default_context is deprecated"
"""rdflib's Dataset warns of what it does itself."""
MARK = "----- end of block -----"


@dataclass(frozen=True)
class Block:
    language: str
    code: str
    line: int


@dataclass(frozen=True)
class Place:
    """A folder with the sample articles and a graph of them, which a server serves."""

    folder: Path
    port: int

    def run(self, *command: str) -> str:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PORT": str(free_port()), "PYTHONWARNINGS": WARNINGS}
        environment.pop("KG_STORE", None)
        result = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def script(self, block: Block) -> str:
        """The block as a part of a shell script that ends by itself."""
        if block.language == "python":
            return f"python - << 'END OF PYTHON'\n{block.code}END OF PYTHON\n"
        lines = []
        for line in block.code.splitlines():
            if line.startswith("curl ") or " --store http://localhost:8000/" in line:
                line = line.replace("localhost:8000", f"localhost:{self.port}")
            if line.startswith("kg serve"):
                line = f"serve_briefly {line.replace(' --port 8000', '')}"
            if not line.startswith(NOT_RUN):
                lines.append(line)
        return "\n".join(lines) + "\n"


def blocks(page: str) -> list[Block]:
    text = (ROOT / page).read_text(encoding="utf-8")
    return [Block(match[1], match[2], text.count("\n", 0, match.start()) + 1) for match in BLOCK.finditer(text)]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of the sample articles, as `scripts/demo` makes it."""
    folder = tmp_path_factory.mktemp("sample")
    subprocess.run([sys.executable, "-m", "kg", "add", str(ROOT / "data" / "articles")], cwd=folder, check=True)
    return folder / "newsgraph"


@pytest.fixture(scope="session")
def served(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server of the sample graph."""
    port = free_port()
    store = tmp_path_factory.mktemp("served") / "newsgraph"
    shutil.copytree(sample, store)
    command = [sys.executable, "-m", "kg", "serve", "--store", str(store), "--port", str(port)]
    with subprocess.Popen(command) as server:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health").close()
            except urllib.error.URLError:
                time.sleep(0.2)
            else:
                break
        yield port
        server.terminate()


@pytest.fixture
def place(sample: Path, served: int, tmp_path: Path) -> Place:
    shutil.copytree(sample, tmp_path / "newsgraph")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return Place(tmp_path, served)


def squeezed(line: str) -> str:
    return " ".join(line.split())


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_runs_and_prints_what_the_page_shows(page: str, place: Place) -> None:
    shown = blocks(page)
    run = [block for block in shown if block.language in ("sh", "python")]
    if not run:
        return
    script = SHELL + "".join(f"{place.script(block)}echo '{MARK}'\n" for block in run)
    outputs = place.run("bash", "-c", script).split(f"{MARK}\n")
    for block, output in zip(run, outputs, strict=False):
        after = shown[shown.index(block) + 1 :][:1]
        if after and after[0].language == "text":
            printed = {squeezed(line) for line in output.splitlines()} | {"", "…"}
            missing = [line for line in after[0].code.splitlines() if squeezed(line) not in printed]
            assert not missing, f"{page}:{after[0].line} shows {missing}, and the command printed\n{output}"


@pytest.mark.parametrize("page", PAGES)
def test_every_query_of_the_page_finds_something(page: str, place: Place) -> None:
    for block in blocks(page):
        if block.language == "sparql":
            assert len(place.run("kg", "query", block.code).splitlines()) > 1, f"{page}:{block.line} finds nothing"


@pytest.mark.parametrize("page", PAGES)
def test_all_turtle_of_the_page_is_turtle(page: str) -> None:
    news = (ROOT / "ontology" / "news.ttl").read_text(encoding="utf-8")
    prefixes = "".join(re.findall(r"^@prefix .*\n", news, re.MULTILINE))
    for block in blocks(page):
        if block.language == "turtle":
            assert len(rdflib.Graph().parse(data=prefixes + block.code, format="turtle")), f"{page}:{block.line}"


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_the_page_leads_to_a_file(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [match[1] or match[3] for match in LINK.finditer(text)]
    assert [target for target in targets if not ((ROOT / page).parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_the_page_names_exists(page: str) -> None:
    named = re.findall(r"`((?:data|docs|kg|ontology|scripts|server|tests)/[\w./-]+)", (ROOT / page).read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_path_of_the_server_is_documented() -> None:
    app = Flask("paths", static_folder=None)
    for module in pkgutil.iter_modules(server.blueprints.__path__):
        app.register_blueprint(importlib.import_module(f"server.blueprints.{module.name}").blueprint)
    page = (ROOT / "docs" / "how-to" / "run-the-server.md").read_text(encoding="utf-8")
    paths = {f"/{rule.rule.split('/')[1]}" for rule in app.url_map.iter_rules()}
    assert [path for path in sorted(paths) if "<" not in path and f"`{path}" not in page] == []


def test_every_page_is_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        path = waiting.pop().resolve()
        if path in seen or path.suffix != ".md":
            continue
        seen.add(path)
        for match in LINK.finditer(path.read_text(encoding="utf-8")):
            target = path.parent / (match[1] or match[3])
            waiting += target.glob("*.md") if target.is_dir() else [target]
    assert {ROOT / page for page in PAGES} - seen == set()


def test_the_accuracy_that_the_readme_tells_is_the_one_that_is_pinned() -> None:
    pinned = json.loads((ROOT / "data" / "baseline.json").read_text(encoding="utf-8"))
    rows = re.findall(
        r"\(`(.+?)`\) \| (.*?) \| (.*?) \| (.*?) \|$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert rows
    for name, *told in rows:
        facts = pinned[name]["facts"]
        assert told == [f"{facts[rate]:.3f}" for rate in ("precision", "recall", "f1")], "run scripts/reference"


@pytest.mark.parametrize("arguments", [["--no-serve"]])
def test_the_demo_answers_its_three_questions_with_sentences(arguments: list[str], tmp_path: Path) -> None:
    environment = {**os.environ, "KG_STORE": str(tmp_path / "newsgraph")}
    result = subprocess.run(
        [ROOT / "scripts" / "demo", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
    answers = re.split(r"^.*\?$", result.stdout, flags=re.MULTILINE)[1:]
    assert len(answers) == 3
    for answer in answers:
        assert len(answer.strip().splitlines()) > 1
