"""What strangers may write into addresses and forms of the review pages; in a browser: tests/browser/test_review_page.py."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import requests

from tests.server.conftest import TOKEN, Server, make_graph, running

TITLES = "".join(f"Ada Holm{letter} works for Brightloom. " for letter in "abcdefghijklmnopqrstuvwxyz")


@pytest.fixture(scope="module")
def reviewing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, requests.Session]]:
    """A server over more facts than a page has, and a session that is signed in there."""
    folder = tmp_path_factory.mktemp("reviewing")
    graph = make_graph(folder / "graph", {"many.txt": f"Who works there\n\n{TITLES}"})
    with running(graph, folder / "log", token=TOKEN) as server, requests.Session() as session:
        assert session.post(f"{server.url}/review/session", data={"token": TOKEN}, timeout=60).status_code == 200
        yield server, session


@pytest.mark.parametrize("parameter", ["article", "statement"])
@pytest.mark.parametrize("value", ["abc", "http://elsewhere.example/article/abc"])
def test_what_is_none_of_this_graph_is_refused(
    reviewing: tuple[Server, requests.Session], parameter: str, value: str
) -> None:
    server, session = reviewing
    response = session.get(f"{server.url}/review", params={parameter: value}, timeout=60)
    assert response.status_code == 400
    assert "must be the IRI of one in this graph" in response.text


@pytest.mark.parametrize("parameter", ["endpoint", "_method", "_anchor"])
def test_other_parameters_are_left_out_of_the_links_to_other_pages(
    reviewing: tuple[Server, requests.Session], parameter: str
) -> None:
    server, session = reviewing
    response = session.get(f"{server.url}/review", params={parameter: "abc", "state": "all"}, timeout=60)
    assert response.status_code == 200
    links = re.findall(r'href="(/review\?[^"]*page=2[^"]*)"', response.text)
    assert links
    assert not any("abc" in link for link in links)


def test_a_form_leads_back_to_a_page_of_this_server_only(reviewing: tuple[Server, requests.Session]) -> None:
    server, _ = reviewing
    places = {
        "/review?state=all\r\nX-Made: up": "/review?state=all%0D%0AX-Made%3A+up",
        "//elsewhere.example/review?a=b": "/review?a=b",
    }
    for place, where in places.items():
        form = {"token": TOKEN, "back": place}
        response = requests.post(f"{server.url}/review/session", data=form, allow_redirects=False, timeout=60)
        assert (response.status_code, response.headers["Location"]) == (303, where)
        assert "X-Made" not in response.headers


def test_a_sitemap_of_any_number_that_is_not_there_is_not_found(reviewing: tuple[Server, requests.Session]) -> None:
    server, _ = reviewing
    for number in (2, 10**25):
        assert requests.get(f"{server.url}/sitemap-{number}.xml", timeout=60).status_code == 404


def test_a_server_without_a_token_says_how_to_start_one_that_has_it(server: Server) -> None:
    response = requests.get(f"{server.url}/review", timeout=60)
    assert response.status_code == 403
    assert "KG_TOKEN=… kg serve" in response.content.decode()
