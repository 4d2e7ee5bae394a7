"""The environment with the programs that newsgraph is measured against, apart from the package's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(name: str, *packages: str) -> Path:
    """The folder of an environment with these packages, made unless it is there."""
    folder = ROOT / ".venv-benchmark" / name
    done = folder / "installed"
    if not (done.exists() and done.read_text() == " ".join(packages)):
        print(f"Installing {' and '.join(packages)} into {folder.relative_to(ROOT)} …")
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *packages], check=True)
        done.write_text(" ".join(packages))
    return folder
