"""What others wrote and pages and their tests load: what the record says of it is so."""

from __future__ import annotations

import hashlib
import json
import re
import runpy
from pathlib import Path

import pytest

FOLDERS = ("server/static/vendor", "tests/browser/vendor")
FREE = {"ISC", "MIT", "MPL-2.0"}
"""Licences that leave this program under its own."""


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_record_agrees_with_the_files(root: Path, folder: str) -> None:
    recorded = json.loads((root / folder / "vendored.json").read_text(encoding="utf-8"))
    files = {path.name: path for path in (root / folder).iterdir() if path.suffix not in (".json", ".txt")}
    assert set(files) == set(recorded)
    for name, path in files.items():
        content = path.read_bytes()
        assert hashlib.sha256(content).hexdigest() == recorded[name]["sha256"], (
            f"{name} is not what scripts/vendor made"
        )
        assert len(content) == recorded[name]["bytes"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_of_each_package_its_pinned_version_its_licence_and_the_licence_s_text_are_there(
    root: Path, folder: str
) -> None:
    recorded = json.loads((root / folder / "vendored.json").read_text(encoding="utf-8"))
    texts = (root / folder / "LICENSES.txt").read_text(encoding="utf-8")
    pinned = runpy.run_path(str(root / "scripts" / "vendor"))["PACKAGES"]
    packages = [package for file in recorded.values() for package in file["packages"]]
    assert packages
    for one in packages:
        assert pinned[one["package"]] == one["version"]
        assert one["licence"] in FREE
        assert f"{one['package']} {one['version']}\n" in texts


def test_no_script_or_style_of_ours_names_another_host(root: Path) -> None:
    own = [path for path in (root / "server" / "static").rglob("*.*s*") if path.parent.name != "vendor"]
    assert own
    for path in own:
        if path.suffix in (".js", ".css"):
            code = re.sub(r"//.*|/\*.*?\*/", "", path.read_text(encoding="utf-8"))
            assert not re.search(r"(?:import|fetch|url)\s*\(?\s*[\"'`]?(?:https?:)?//", code), path
