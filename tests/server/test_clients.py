"""Programs that people use: pandas, and a JavaScript client."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.server.conftest import TOKEN, Server

CLIENT = "fetch-sparql-endpoint@7.2.0"
"""The client of Comunica, https://www.npmjs.com/package/fetch-sparql-endpoint."""

ASK = """
import { SparqlEndpointFetcher } from 'fetch-sparql-endpoint';

const [endpoint, update, token] = process.argv.slice(2);
const client = new SparqlEndpointFetcher();
const all = async (stream) => { const found = []; for await (const one of stream) found.push(one); return found; };

const rows = await all(await client.fetchBindings(endpoint, 'SELECT ?s ?n { ?s a ng:Person ; rdfs:label ?n } ORDER BY ?n'));
const triples = await all(await client.fetchTriples(endpoint, 'CONSTRUCT WHERE { ?s a ng:Person }'));
const answer = await client.fetchAsk(endpoint, 'ASK { ?s a ng:Person }');
let refused = false;
try { await client.fetchBindings(endpoint, 'SELECT * {'); } catch (error) { refused = /malformed/.test(error.message); }
if (update) {
  const writer = new SparqlEndpointFetcher({ defaultHeaders: new Headers({ Authorization: `Bearer ${token}` }) });
  await writer.fetchUpdate(update, "INSERT DATA { <http://x.example/js> <http://x.example/p> 'written' }");
}
console.log(JSON.stringify({
  names: rows.map((row) => row.n.value), languages: rows.map((row) => row.n.language),
  triples: triples.length, answer, refused,
}));
"""


@pytest.fixture(scope="session")
def javascript(request: pytest.FixtureRequest) -> Path:
    """A folder in which node finds the client."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not installed")
    folder = request.config.cache.mkdir("javascript")
    if not (folder / "node_modules" / "fetch-sparql-endpoint").is_dir():
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), CLIENT]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
        if done.returncode:
            pytest.skip(f"npm can't install {CLIENT}: {done.stderr.strip().splitlines()[-1:]}")
    (folder / "ask.mjs").write_text(ASK, encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> dict[str, object]:
    command = ["node", str(folder / "ask.mjs"), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_javascript_client_asks_for_rows_triples_and_booleans(server: Server, javascript: Path) -> None:
    assert run(javascript, f"{server.url}/sparql") == {
        "names": ["Bayo Okafor", "Grace Lin"],
        "languages": ["en", "en"],
        "triples": 2,
        "answer": True,
        "refused": True,
    }


def test_a_javascript_client_writes_with_the_token(writable: Server, javascript: Path) -> None:
    run(javascript, f"{writable.url}/sparql", f"{writable.url}/update", TOKEN)
    assert writable.rows("SELECT ?o { <http://x.example/js> ?p ?o }") == [["written"]]


def test_pandas_reads_a_table_from_the_url_of_a_query(server: Server) -> None:
    pandas = pytest.importorskip("pandas")
    query = "SELECT ?name ?articles { { SELECT ?p (COUNT(?a) AS ?articles) { ?a schema:mentions ?p } GROUP BY ?p } ?p a ng:Person ; rdfs:label ?name } ORDER BY ?name"
    table = pandas.read_csv(f"{server.url}/sparql?{urlencode({'query': query, 'format': 'csv'})}")
    assert list(table.columns) == ["name", "articles"]
    assert list(table["name"]) == ["Bayo Okafor", "Grace Lin"]
    assert table["articles"].sum() == 2
