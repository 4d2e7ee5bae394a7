"""Marked texts become annotated articles, and a mark that makes no sense is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.train import markup

TEXT = """== one | A title | agency | 2021-10-12
[Ada Holm=A:Person] founded [Acme=C:Organization:Q42] with [her=A] brother.

[Acme] closed in 2019.
> C founded_by A !2
> C dissolved 2019; point_in_time=2019
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "one.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_marks_are_taken_out_and_become_entities_and_facts(tmp_path: Path) -> None:
    (line,) = markup.articles(written(tmp_path, TEXT))
    assert line["text"] == "Ada Holm founded Acme with her brother.\n\nAcme closed in 2019."
    assert line["entities"] == [
        {"id": "A", "type": "Person", "name": "Ada Holm", "qid": None, "mentions": [[0, 8], [27, 30]]},
        {"id": "C", "type": "Organization", "name": "Acme", "qid": "Q42", "mentions": [[17, 21], [41, 45]]},
    ]
    assert line["facts"] == [
        {"subject": "C", "relation": "founded_by", "object": "A", "qualifiers": {}, "evidence": [[0, 39], [41, 61]]},
        {
            "subject": "C",
            "relation": "dissolved",
            "object": "2019",
            "qualifiers": {"point_in_time": "2019"},
            "evidence": [[41, 61]],
        },
    ]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("[Acme=C:Organization] closed.\n> X dissolved 2019", "X dissolved 2019"),
        ("[Acme=C] closed.", r"\[Acme\] stands for C"),
        ("[Acme=C:Organization] bought [Bolt].", r"\[Bolt\] stands for nothing"),
    ],
)
def test_what_makes_no_sense_is_an_error_that_names_the_article(tmp_path: Path, wrong: str, named: str) -> None:
    path = written(tmp_path, f"== one |  | agency | 2021\n{wrong}\n")
    with pytest.raises(ReadError, match=f"one: .*{named}"):
        list(markup.articles(path))


def test_a_heading_has_four_parts(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="the heading has 2 parts"):
        list(markup.articles(written(tmp_path, "== one | 2021\nNothing.\n")))
