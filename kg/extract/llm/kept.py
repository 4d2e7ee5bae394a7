"""Answers on disk, by the content of the question and the service that was asked: no question is paid for twice."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from kg.errors import UsageError


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model wrote, and whether it was cut off because it became too long."""

    content: str
    is_cut: bool


class Kept:
    """The answers in a folder, which several processes may use at once."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        self._address = address.rstrip("/")

    def get(self, body: dict[str, Any]) -> Answer | None:
        """The answer to a question; None where it was not asked, or its file is no whole one."""
        try:
            found = json.loads(self._file(body).read_text(encoding="utf-8"))
            content, is_cut = found["content"], found["cut"]
            if not is_cut:
                json.loads(content)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return Answer(content, is_cut) if isinstance(content, str) and isinstance(is_cut, bool) else None

    def put(self, body: dict[str, Any], answer: Answer) -> None:
        """Keep an answer. Raises UsageError where the folder can't be written."""
        file = self._file(body)
        text = json.dumps({"content": answer.content, "cut": answer.is_cut})
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Under another name first: nobody is to read half an answer.
            with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as opened:
                opened.write(text)
            os.replace(opened.name, file)
        except OSError as error:
            raise UsageError(
                f"answers can't be kept in {self._folder} ({error.strerror}): set cache under [llm], "
                "or KG_LLM_CACHE, to another folder"
            ) from error

    def _file(self, body: dict[str, Any]) -> Path:
        asked = json.dumps([self._address, body], sort_keys=True)
        name = blake2b(asked.encode(), digest_size=20).hexdigest()
        return self._folder / name[:2] / f"{name[2:]}.json"
