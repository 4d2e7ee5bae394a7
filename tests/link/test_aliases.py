"""The alias index: the one that is shipped, and one that is built from a small table."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.link.aliases import AliasIndex

HEADER = "alias\tqid\ttype\tlabel\tdescription\tsource\tlicence\n"
ROWS = (
    "Quarl\tQ100\tOrganization\tQuarl Foundation\tnonprofit\tROR\tCC0\n"
    "Quarl Foundation\tQ100\tOrganization\tQuarl Foundation\tnonprofit\tROR\tCC0\n"
    "Quarl\tQ90000000\tPlace\tQuarl\tcity\tcountries-states-cities-database\tODbL-1.0\n"
    "Public Quarl License\tQ200\tLicense\tPublic Quarl License\ttext of theirs\tRegexp-Pattern-License (Debian package)\t"
    "GPL-3.0-or-later\n"
    "Кварл\tQ100\tOrganization\tQuarl Foundation\tnonprofit\tROR\tCC0\n"
    "quarl\tQ300\tOrganization\tquarl\tbrand\tname-suggestion-index\tBSD-3-Clause\n"
    "quarlctl\tQ400\tSoftware\tquarlctl\t\tSoMeSci\tCC-BY-4.0\n"
)


def build(root: Path, folder: Path, *options: str) -> AliasIndex:
    folder.mkdir(exist_ok=True)
    shutil.copy(root / "data/entities/sources.toml", folder)
    table, known = folder / "table.tsv.gz", folder / "known.tsv"
    with gzip.open(table, "wt", encoding="utf-8") as file:
        file.write(HEADER + ROWS)
    known.write_text("# comment\nSoftware\tZentora\tZenny\nOrganization\tQuarl Foundation\tQF\n", encoding="utf-8")
    command = [sys.executable, str(root / "scripts/build-entities"), "--folder", str(folder), "--table", str(table)]
    subprocess.run([*command, *options], check=True, capture_output=True)
    return AliasIndex.open(folder / "wikidata.index")


def test_candidates_come_likeliest_first_with_probabilities(root: Path, tmp_path: Path) -> None:
    index = build(root, tmp_path)
    found = index.candidates("Quarl")
    assert [(c.qid, c.type, c.label) for c in found] == [
        ("Q100", "Organization", "Quarl Foundation"),
        ("Q90000000", "Place", "Quarl"),
    ]
    assert sum(c.prior for c in found) == pytest.approx(1)
    assert index.candidates("Nobody") == ()


def test_a_name_written_by_hand_joins_its_item_or_stands_alone(root: Path, tmp_path: Path) -> None:
    index = build(root, tmp_path)
    assert [c.qid for c in index.candidates("QF")] == ["Q100"]
    assert [(c.qid, c.type, c.label) for c in index.candidates("Zenny")] == [(None, "Software", "Zentora")]


def test_of_the_gpl_source_only_names_are_taken(root: Path, tmp_path: Path) -> None:
    assert [c.description for c in build(root, tmp_path).candidates("Public Quarl License")] == [""]


def test_names_without_latin_letters_or_capitals_are_left_out_unless_they_are_programs(
    root: Path, tmp_path: Path
) -> None:
    index = build(root, tmp_path)
    assert "Кварл" not in index
    assert "quarl" not in index
    assert "quarlctl" in index
    assert index.lowercase == {"quarlctl"}


def test_a_source_can_be_left_out(root: Path, tmp_path: Path) -> None:
    index = build(root, tmp_path, "--without", "ROR")
    assert [c.type for c in index.candidates("Quarl")] == ["Place"]


def test_the_same_table_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        build(root, tmp_path / name)
    for file in sorted((tmp_path / "a").iterdir()):
        if file.name != "table.tsv.gz":  # gzip writes the time
            assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name


def test_prefixes_come_longest_first_and_end_with_a_word(root: Path, tmp_path: Path) -> None:
    index = build(root, tmp_path)
    assert index.prefixes("At Quarl Foundation today", 3) == ["Quarl Foundation", "Quarl"]
    assert index.prefixes("Quarls, Quarl", 0) == []
    assert index.prefixes("Quarl's", 0) == index.prefixes("Quarl\u2019s", 0) == ["Quarl"]
    assert index.prefixes("Quarl\u00e9", 0) == index.prefixes("Quarl_", 0) == []
    assert index.prefixes("At Quarl Foundation", 3, len("At Quarl")) == ["Quarl Foundation"]


def test_a_candidate_has_the_iri_of_its_register(root: Path, tmp_path: Path) -> None:
    first = build(root, tmp_path).candidates("Quarl")[0]
    assert (first.id, first.iri, first.source) == ("Q100", "http://www.wikidata.org/entity/Q100", "wikidata")


def test_what_is_no_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="kg index build"):
        AliasIndex.open(tmp_path)
    with pytest.raises(UsageError, match=r"no such file.*kg index build"):
        AliasIndex.open(tmp_path / "nothing.index")
    whole = Path(str(files("newsgraph_data").joinpath("entities", "wikidata.index"))).read_bytes()
    for size in (18, 26, 100, 1300, 100_000, len(whole) - 1000):
        (tmp_path / "cut.index").write_bytes(whole[:size])
        with pytest.raises(UsageError, match="broken"):
            AliasIndex.open(tmp_path / "cut.index")
    (tmp_path / "old.index").write_bytes(b"")
    with pytest.raises(UsageError, match="kg index build"):
        AliasIndex.open(tmp_path / "old.index")


def test_the_shipped_index_is_made_of_its_folder(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "wikidata.index"
    subprocess.run([sys.executable, str(root / "scripts/build-entities"), "--out", str(out)], check=True)
    assert out.read_bytes() == (root / "data/entities/wikidata.index").read_bytes()


def test_the_shipped_index_knows_well_known_things() -> None:
    index = AliasIndex.open()
    assert [(c.qid, c.type) for c in index.candidates("PyTorch")] == [("Q47509047", "Software")]
    assert index.types("United Kingdom")[0][0] == "Place"
    assert len(index) > 100_000
