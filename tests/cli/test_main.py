"""The command line as a whole: fast to start, and never a traceback."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys

import click
import pytest

import kg.cli
from kg.cli import terminal
from kg.errors import QueryError, ReadError, UsageError

HEAVY = {
    "rdflib",
    "pyoxigraph",
    "flask",
    "numpy",
    "rich",
    "trafilatura",
    "dateparser",
    "pyshacl",
    "ontology",
    "kg.graph",
}


def run(*arguments: str, **options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **options},
        check=False,
    )


def imported(*arguments: str) -> set[str]:
    """The modules that a run of `kg` imports."""
    code = "import sys, kg.cli; kg.cli.main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    result = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(result.stderr.split())


@pytest.mark.parametrize(
    "arguments", [["--help"], *([name, "--help"] for name in kg.cli.COMMANDS), ["completion", "zsh"]]
)
def test_help_imports_nothing_that_only_the_work_needs(arguments: list[str]) -> None:
    assert imported(*arguments) & HEAVY == set()


def test_help_answers_in_a_fifth_of_a_second() -> None:
    def seconds() -> float:
        """The processor's time, which other programs on this machine take nothing away from."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run("--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(5)) < 0.2


@pytest.mark.parametrize("name", kg.cli.COMMANDS)
def test_help_of_each_command_shows_an_example_that_the_command_understands(name: str) -> None:
    result = run(name, "--help")
    assert result.returncode == 0
    assert re.search(rf"Examples?:\n(.*\n)*?.*\bkg {name}\b", result.stdout)


def test_each_command_is_listed_with_a_whole_sentence() -> None:
    listing = run("--help").stdout.partition("Commands:")[2]
    assert [line.split()[0] for line in listing.strip().splitlines()] == list(kg.cli.COMMANDS)
    assert "..." not in listing


def test_without_arguments_the_help_is_shown_and_the_usage_is_wrong() -> None:
    result = run()
    assert (result.returncode, result.stdout) == (2, "")
    assert "Commands:" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [(["quary"], "'query'"), (["query", "--fromat", "csv"], "'--format'"), (["--versoin"], "'--version'")],
)
def test_a_misspelt_word_gets_one_line_with_the_nearest_one(arguments: list[str], suggestion: str) -> None:
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert re.fullmatch(rf"kg: .*{suggestion}.* See 'kg.* --help'\.\n", result.stderr)


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ReadError("a.pdf", "is encrypted"), 1, "kg: a.pdf: is encrypted\n"),
        (QueryError("no such prefix"), 1, "kg: no such prefix\n"),
        (UsageError("no such format"), 2, "kg: no such format\n"),
        (FileNotFoundError(2, "No such file or directory", "x.txt"), 1, "kg: x.txt: No such file or directory\n"),
        (OSError("odd"), 1, "kg: odd\n"),
        (terminal.Stopped("stopped; 3 articles are kept"), 130, "kg: stopped; 3 articles are kept\n"),
        (KeyboardInterrupt(), 130, "kg: stopped\n"),
        (BrokenPipeError(32, "Broken pipe"), 1, ""),
    ],
)
def test_an_error_becomes_a_line_and_an_exit_code(
    error: BaseException, code: int, message: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(click.Command, "main", fail)
    assert kg.cli.main([]) == code
    assert capfd.readouterr().err == message


def test_even_a_fault_of_newsgraph_itself_is_one_line() -> None:
    code = "import click, kg.cli; click.Command.main = lambda *_, **__: {}['missing']; kg.cli.main([])"
    short = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert short.returncode == 1
    assert re.fullmatch(r"kg: a fault of newsgraph itself: KeyError: 'missing' in .*\n", short.stderr)
    debug = {**os.environ, "KG_DEBUG": "1"}
    whole = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=debug)
    assert "Traceback" in whole.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = subprocess.run(
        f"{sys.executable} -m kg completion bash | true", shell=True, capture_output=True, text=True, check=False
    )
    assert process.stderr == ""


def test_control_characters_of_a_text_never_reach_the_terminal() -> None:
    assert (
        terminal.clean("a\x1b[2Jb\x07\nc\u202ed")
        == "a\N{REPLACEMENT CHARACTER}[2Jb\N{REPLACEMENT CHARACTER} c\N{REPLACEMENT CHARACTER}d"
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_completes_commands(shell: str) -> None:
    assert "_KG_COMPLETE" in run("completion", shell).stdout
    words = {"COMP_WORDS": "kg ev", "COMP_CWORD": "ev" if shell == "fish" else "1"}
    assert "evaluate" in run(_KG_COMPLETE=f"{shell}_complete", **words).stdout
