"""The examples for systemd and Docker are valid, and what they run exists and works."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import click
import pytest

from kg.cli import cli, settings
from tests.server.conftest import free_port, make_graph

TOML = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def unit(root: Path) -> dict[str, str]:
    lines = (root / "docs" / "how-to" / "newsgraph.service").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def instructions(root: Path) -> list[tuple[str, str]]:
    lines = (root / "docs" / "how-to" / "Dockerfile").read_text(encoding="utf-8").splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines if line and not line.startswith("#")]


def parsed(arguments: list[str]) -> click.Context:
    """The command `kg` with these arguments, which must all be known to it."""
    command = cli.get_command(click.Context(cli), arguments[0])
    assert command is not None, arguments
    return command.make_context("kg", [part for part in arguments[1:] if "/" not in part and part != "--config"])


def test_the_unit_is_valid(root: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    text = (root / "docs" / "how-to" / "newsgraph.service").read_text(encoding="utf-8")
    installed = Path(sys.executable).with_name("kg")
    # The program must exist, and it is in another place here.
    (tmp_path / "newsgraph.service").write_text(text.replace("/opt/newsgraph/bin/kg", str(installed)))
    command = [program, "verify", "--man=no", str(tmp_path / "newsgraph.service")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert [line for line in done.stderr.splitlines() if "newsgraph" in line] == []


def test_what_the_unit_starts_serves_and_can_be_reloaded_and_stopped(root: Path, tmp_path: Path) -> None:
    make_graph(tmp_path / "graph")
    port = free_port()
    (tmp_path / "newsgraph.toml").write_text(f'store = "graph"\nport = {port}\nprocesses = 1\n')
    program, *arguments = shlex.split(unit(root)["ExecStart"])
    assert Path(program).name == "kg"
    places = {"/etc/newsgraph/newsgraph.toml": str(tmp_path / "newsgraph.toml")}
    command = [sys.executable, "-m", "kg", *(places.get(part, part) for part in arguments)]
    assert "-HUP $MAINPID" in unit(root)["ExecReload"]
    process = subprocess.Popen(command)
    try:
        healthy(port)
        process.send_signal(signal.SIGHUP)
        time.sleep(1)
        healthy(port)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()


def healthy(port: int) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health").close()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")


def test_the_image_is_made_of_what_is_there_and_runs_what_exists(root: Path) -> None:
    found = instructions(root)
    assert found[0] == ("FROM", "python:3.11-slim")
    for name, text in found:
        for file in re.findall(r"/usr/src/newsgraph/(\S+)", text):
            assert (root / file).exists(), f"{name} {text}"
    values = {name: json.loads(text) for name, text in found if name in ("ENTRYPOINT", "CMD")}
    assert values["ENTRYPOINT"] == ["kg"]
    assert parsed(values["CMD"]).params["host"] == "0.0.0.0"
    (check,) = (text for name, text in found if name == "HEALTHCHECK")
    assert "/health" in check
    compile(json.loads(check.removeprefix("CMD "))[2], "HEALTHCHECK", "exec")


def test_every_command_of_the_guide_is_one_of_the_command_line(root: Path) -> None:
    page = (root / "docs" / "how-to" / "deploy.md").read_text(encoding="utf-8")
    commands = re.findall(
        r"(?:bin/kg|newsgraph|^kg) ((?:add|backup|restore|serve|optimize|query)\b[^\n`]*)", page, re.MULTILINE
    )
    assert len(commands) > 5
    for line in commands:
        name = line.split()[0]
        known = {option for parameter in parsed_parameters(name) for option in parameter.opts}
        assert {part for part in shlex.split(line) if part.startswith("--")} <= known, line


def parsed_parameters(name: str) -> list[click.Parameter]:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return command.params


@pytest.mark.parametrize("page", ["how-to/deploy.md", "reference/settings.md"])
def test_the_settings_that_the_pages_show_are_settings(root: Path, tmp_path: Path, page: str) -> None:
    shown = TOML.findall((root / "docs" / page).read_text(encoding="utf-8"))
    assert shown
    for text in shown:
        (tmp_path / "shown.toml").write_text(text)
        assert settings.read(tmp_path / "shown.toml")


def test_the_variables_that_the_guide_names_set_something(root: Path) -> None:
    page = (root / "docs" / "how-to" / "deploy.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bKG_[A-Z_]+", page))
    assert named
    settings.check_environment(dict.fromkeys(named, "x"))
