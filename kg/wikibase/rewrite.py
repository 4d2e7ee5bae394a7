"""What the Wikidata Query Service understands beyond SPARQL, as plain SPARQL.

https://www.mediawiki.org/wiki/Wikidata_Query_Service/User_Manual. Named subqueries are put where they are included,
hints for its optimizer are left out, and its services for labels, for the search of entities and for a part of the
solutions become patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from kg.errors import QueryError
from kg.rdf import vocabulary as v
from kg.sparql.tokens import MOST, Edit, Tokens, edited
from kg.wikibase import vocabulary as w
from kg.wikibase.lenient import plain

_SPECIAL = re.compile(r"include|hint:|service|having|xsd:date|XMLSchema#date|wikiba\.se|wikibase:", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_AUTOMATIC = "[AUTO_LANGUAGE]"
_BIGDATA = "http://www.bigdata.com/rdf#"
_PARAMETER = ("bd:serviceParam", f"<{_BIGDATA}serviceParam>")
_NOBODY = "<urn:x-newsgraph:nothing>"
"""Stands for what has no value, so that it has no label either, in place of all labels."""
_MOST_NAMED = 100
_MOST_PARTS = 20
_MOST_FOUND = 50
_MANUAL = {
    v.LABEL.value: "Label",
    v.ALTERNATIVE.value: "AltLabel",
    w.DESCRIPTION.value: "Description",
}
_KIND = re.compile(r"(\w+?)(AltLabel|Label|Description)")


def rewrite(query: str, languages: Sequence[str] = ("en",)) -> str:
    """The same query in SPARQL 1.1; as it is where its brackets don't match. `languages` are those of the reader.

    Raises `QueryError` where it asks a service that only Wikidata has, or would become too long.
    """
    if len(query) > MOST or not _SPECIAL.search(query):
        return query
    if not Tokens(query).is_balanced:
        return query
    query = _named_subqueries(query)
    query = edited(query, _hints(Tokens(query)))
    query = _parts(query)
    query = _searches(query)
    query = _labels(query, languages)
    _check_services(Tokens(query))
    return plain(query)


def _named_subqueries(query: str) -> str:
    """`WITH { … } AS %name` and `INCLUDE %name`."""
    named: dict[str, str] = {}
    tokens = Tokens(query)
    edits = []
    for place, token in enumerate(tokens.all):
        if tokens.is_at(place, "WITH", "{") and token.kind == "word":
            close = tokens.pairs[place + 1]
            if tokens.is_at(close + 1, "AS", "%") and tokens.kind(close + 3) in ("word", "number"):
                named[tokens.all[close + 3].text] = query[tokens.all[place + 1].start : tokens.all[close].end]
                edits.append(Edit(token.start, tokens.all[close + 3].end, ""))
    query = edited(query, edits)
    for _ in range(_MOST_NAMED):
        tokens = Tokens(query)
        edits = []
        for place, token in enumerate(tokens.all):
            if tokens.is_at(place, "INCLUDE", "%") and tokens.kind(place + 2) in ("word", "number"):
                name = tokens.all[place + 2].text
                if name not in named:
                    raise QueryError(f"INCLUDE %{name.lower()} has no WITH {{ … }} AS %{name.lower()}.")
                edits.append(Edit(token.start, tokens.all[place + 2].end, named[name]))
        if not edits:
            return query
        if len(query) + sum(len(edit.new) for edit in edits) > MOST:
            break
        query = edited(query, edits)
    raise QueryError("The named subqueries include each other without end, or too often.")


def _hints(tokens: Tokens) -> Iterator[Edit]:
    """`hint:Query hint:optimizer "None" .`"""
    place = 0
    while place < len(tokens.all):
        token = tokens.all[place]
        if token.kind == "name" and token.text.startswith("hint:"):
            end = place + 3
            while tokens.is_at(end, ";") and tokens.kind(end + 1) == "name":
                end += 3
            end = min(end + tokens.is_at(end, "."), len(tokens.all))
            yield Edit(token.start, tokens.all[end - 1].end, "")
            place = end
        else:
            place += 1


def _services(tokens: Tokens, *names: str) -> Iterator[int]:
    """The places of `SERVICE NAME { … }`, but for those that another endpoint is asked for."""
    for place in range(len(tokens.all) - 2):
        is_it = tokens.is_at(place, "SERVICE") and tokens.is_at(place + 2, "{") and tokens.all[place + 1].text in names
        if is_it and not _is_elsewhere(tokens, place):
            yield place


def _is_elsewhere(tokens: Tokens, place: int) -> bool:
    """Whether a place is in the pattern of a SERVICE of another endpoint."""
    group = tokens.around[place]
    while group >= 0:
        if tokens.is_at(group - 2, "SERVICE") or tokens.is_at(group - 3, "SERVICE", "SILENT"):
            return True
        group = tokens.around[group]
    return False


def _parameters(tokens: Tokens, first: int) -> dict[str, str]:
    """What `bd:serviceParam` says in the group at `first`: the local names of properties, and the values."""
    found: dict[str, str] = {}
    last = tokens.pairs[first]
    place = first + 1
    while place < last:
        if tokens.all[place].text in _PARAMETER:
            place += 1
            while place + 1 < last:
                key = re.split(r"[:#/]", tokens.all[place].text.strip("<>"))[-1]
                found[key] = tokens.all[place + 1].text
                place += 2
                if not tokens.is_at(place, ";"):
                    break
                place += 1
        place += 1
    return found


def _parts(query: str) -> str:
    """`SERVICE bd:sample` and `SERVICE bd:slice`: some of the solutions of a pattern."""
    for _ in range(_MOST_PARTS + 1):
        tokens = Tokens(query)
        # One at a time, as one may be within another.
        place = next(_services(tokens, "bd:sample", "bd:slice", f"<{_BIGDATA}sample>", f"<{_BIGDATA}slice>"), None)
        if place is None:
            return query
        first = place + 2
        close = tokens.pairs[first]
        asked = {key.rpartition(".")[2]: text for key, text in _parameters(tokens, first).items()}
        start, end = tokens.all[first].start, tokens.all[close].end
        group = edited(query[start:end], (Edit(a - start, b - start, "") for a, b in _asked(tokens, first)))
        numbers = {key: asked.get(key, "") for key in ("limit", "offset")}
        limits = " ".join(f"{key.upper()} {text}" for key, text in numbers.items() if text.isdecimal())
        query = edited(query, [Edit(tokens.all[place].start, end, f"{{ SELECT * WHERE {group} {limits} }}")])
    raise QueryError(f"SERVICE bd:sample and SERVICE bd:slice stand here too often: more than {_MOST_PARTS} times.")


def _asked(tokens: Tokens, first: int) -> Iterator[tuple[int, int]]:
    """Where the parameters of the service stand whose group is at `first`."""
    place, last = first + 1, tokens.pairs[first]
    while place < last:
        start = place
        place += 1
        if tokens.all[start].text in _PARAMETER:
            place += 2
            while tokens.is_at(place, ";") and not tokens.is_at(place + 1, ".") and place + 1 < last:
                place += 3
            while tokens.is_at(place, ";") or tokens.is_at(place, "."):
                place += 1
            yield tokens.all[start].start, tokens.all[place - 1].end


def _check_services(tokens: Tokens) -> None:
    """Raises QueryError where a service is asked that only Wikidata has."""
    for place, token in enumerate(tokens.all):
        is_service = token.text == "SERVICE" and token.kind == "word" and tokens.around[place] >= 0
        if not is_service or _is_elsewhere(tokens, place):
            continue
        name = tokens.all[min(place + 1 + tokens.is_at(place + 1, "SILENT"), len(tokens.all) - 1)].text
        if name.startswith(("wikibase:", "bd:", "gas:", "mwapi:", f"<{w.WIKIBASE}", "<http://www.bigdata.com/")):
            raise QueryError(
                f"SERVICE {name} is Wikidata's own. Of its services, this graph answers wikibase:label, "
                "wikibase:mwapi for EntitySearch, bd:sample and bd:slice; it has no places with coordinates."
            )


def _unquoted(text: str) -> str:
    return re.sub(r"""^("{3}|'{3}|"|')(.*)\1$""", r"\2", text, flags=re.DOTALL)


def _searches(query: str) -> str:
    """`SERVICE wikibase:mwapi` with the search for entities, by how their names begin."""
    tokens = Tokens(query)
    edits = []
    for place in _services(tokens, "wikibase:mwapi", str(w.term("mwapi"))):
        asked = _parameters(tokens, place + 2)
        close = tokens.pairs[place + 2]
        item = next((n for n in range(place, close) if tokens.is_at(n + 2, "mwapi:item")), None)
        text = asked.get("search", "")
        if _unquoted(asked.get("api", "")) != "EntitySearch" or item is None or text[:1] not in ("'", '"'):
            raise QueryError(
                "Of wikibase:mwapi, this graph answers EntitySearch, for a text that stands in the query: "
                'bd:serviceParam wikibase:api "EntitySearch" ; wikibase:endpoint "www.wikidata.org" ; '
                'mwapi:search "…" ; mwapi:language "en" . ?item wikibase:apiOutputItem mwapi:item .'
            )
        limit = _unquoted(asked.get("limit", ""))
        variable = tokens.all[item].text
        names = f"{v.LABEL}|{v.ALTERNATIVE}"
        pattern = (
            f"{{ SELECT DISTINCT {variable} WHERE {{ {variable} a {w.ITEM} ; {names} ?_found . "
            f"FILTER(STRSTARTS(LCASE(STR(?_found)), LCASE({text}))) }} "
            f"LIMIT {limit if limit.isdecimal() else _MOST_FOUND} }}"
        )
        edits.append(Edit(tokens.all[place].start, tokens.all[close].end, pattern))
    return edited(query, edits)


def _labels(query: str, languages: Sequence[str]) -> str:
    """`SERVICE wikibase:label`: patterns at the end of its group, as the service is asked last."""
    tokens = Tokens(query)
    edits: list[Edit] = []
    numbers = count(1)
    wanted: dict[int, list[str]] = {}
    for place in _services(tokens, "wikibase:label", str(w.term("label"))):
        first, group = place + 2, tokens.around[place]
        if group < 0:
            continue
        close = tokens.pairs[first]
        end = tokens.all[close + 1].end if tokens.is_at(close + 1, ".") else tokens.all[close].end
        edits.append(Edit(tokens.all[place].start, end, ""))
        chosen = _languages(_unquoted(_parameters(tokens, first).get("language", "")), languages)
        labels = list(_manual(tokens, first)) or list(_automatic(tokens, group))
        wanted.setdefault(group, []).extend(
            _label(next(numbers), kind, variable, target, chosen) for variable, kind, target in labels
        )
    for group, patterns in wanted.items():
        at = tokens.all[tokens.pairs[group]].start
        edits.append(Edit(at, at, f" {' '.join(patterns)} "))
    return edited(query, edits)


def _languages(asked: str, readers: Sequence[str]) -> list[str]:
    found: list[str] = []
    for language in (part.strip() for part in asked.split(",")):
        found += readers if language == _AUTOMATIC else [language]
    known = [language.lower() for language in found if _LANGUAGE.fullmatch(language)]
    return list(dict.fromkeys(known)) or ["en"]


def _manual(tokens: Tokens, first: int) -> Iterator[tuple[str, str, str]]:
    """The triples in the service's own group: `?item rdfs:label ?name`."""
    last = tokens.pairs[first]
    names = {"rdfs:label": "Label", "skos:altLabel": "AltLabel", "schema:description": "Description"}
    known = {**names, **{f"<{iri}>": kind for iri, kind in _MANUAL.items()}}
    subject = ""
    for place in range(first + 1, last):
        kind = known.get(tokens.all[place].text)
        if tokens.kind(place - 1) == "variable" and not tokens.is_at(place - 2, *known):
            subject = tokens.all[place - 1].text
        if kind is not None and tokens.kind(place + 1) == "variable":
            yield subject, kind, tokens.all[place + 1].text


def _automatic(tokens: Tokens, group: int) -> Iterator[tuple[str, str, str]]:
    """The variables of the SELECT around a group that are called as another one of the group is, and `Label` after it."""
    start, end = _scope(tokens, group)
    close = tokens.pairs[group]
    bound = {
        token.text[1:]
        for place, token in enumerate(tokens.all[group:close], group)
        if token.kind == "variable" and (tokens.all[tokens.around[place]].text != "(" or _is_given(tokens, place))
    }
    used = dict.fromkeys(token.text[1:] for token in tokens.all[start:end] if token.kind == "variable")
    for name in used:
        found = _KIND.fullmatch(name)
        if found is not None and name not in bound and found[1] in bound:
            yield f"?{found[1]}", found[2], f"?{name}"


def _is_given(tokens: Tokens, place: int) -> bool:
    """Whether a variable in round brackets gets its value there: after AS, or as one of VALUES."""
    return tokens.is_at(place - 1, "AS") or tokens.is_at(tokens.around[place] - 1, "VALUES")


def _scope(tokens: Tokens, group: int) -> tuple[int, int]:
    """The first and the last place of the SELECT of which a group is the pattern, or is within it."""
    outer = group
    while outer >= 0:
        start = outer - 1
        while start >= 0 and tokens.all[start].text not in ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE"):
            if tokens.all[start].text in "{}":
                break
            start = tokens.pairs[start] - 1 if tokens.kind(start) == "close" else start - 1
        if start >= 0 and tokens.is_at(start, "SELECT"):
            around = tokens.around[start]
            return start, tokens.pairs[around] if around >= 0 else len(tokens.all)
        outer = tokens.around[outer]
    return 0, len(tokens.all)


def _label(number: int, kind: str, variable: str, target: str, languages: Iterable[str]) -> str:
    """The pattern that gives `target` the label of `variable` in the first of the languages that it has."""
    node = f"?_node{number}"
    start = f"BIND(IF(BOUND({variable}), {variable}, {_NOBODY}) AS {node})"
    if kind == "AltLabel":
        chosen = ", ".join(f'"{language}"' for language in languages)
        return (
            f'{start} OPTIONAL {{ SELECT {node} (GROUP_CONCAT(?_alias; separator=", ") AS {target}) WHERE '
            f"{{ {node} {v.ALTERNATIVE} ?_alias FILTER(LCASE(LANG(?_alias)) IN ({chosen})) }} GROUP BY {node} }}"
        )
    predicate = v.LABEL if kind == "Label" else w.DESCRIPTION
    parts = [start]
    found = []
    for position, language in enumerate(languages):
        text = f"?_text{number}_{position}"
        parts.append(f'OPTIONAL {{ {node} {predicate} {text} FILTER(LCASE(LANG({text})) = "{language}") }}')
        found.append(text)
    if kind == "Label":
        # One pattern, as the engine looks through all articles where there are two.
        parts.append(f"OPTIONAL {{ {node} {w.HEADLINE} ?_title{number} }}")
        found.append(f"STR(?_title{number})")
        # As Wikidata's service does: the id of what has no label, and a text itself.
        found.append(f'IF(ISIRI({variable}), REPLACE(STR({variable}), "^.*[/#]", ""), STR({variable}))')
    parts.append(f"BIND(COALESCE({', '.join(found)}) AS {target})")
    return " ".join(parts)
