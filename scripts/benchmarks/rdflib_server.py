"""rdflib-endpoint over rdflib, in memory: `rdflib_server.py FILE PORT`, run in an environment of its own.

The server runs in a child process and is started again, with the graph that is loaded already, when it is killed: rdflib
can't be stopped otherwise once a query takes too long. The number of each child is printed.
"""

from __future__ import annotations

import gc
import os
import sys

import uvicorn
from rdflib import Graph
from rdflib_endpoint import SparqlEndpoint

graph = Graph()
graph.parse(sys.argv[1], format="nt")
gc.freeze()
while os.getppid() != 1:
    child = os.fork()
    if not child:
        uvicorn.run(SparqlEndpoint(graph=graph, path="/"), port=int(sys.argv[2]), log_level="critical")
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
