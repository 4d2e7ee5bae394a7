"""How fast newsgraph is.

    scripts/benchmark reading        words a second of `kg add`, beside spaCy on the same text in the same run
    scripts/benchmark growth         whether an article costs more in a larger graph
    scripts/benchmark cores          the same by the clock, with one core and with all
    scripts/benchmark start          the time to `kg --help`, and to read one short article
    scripts/benchmark server         the endpoint, beside Oxigraph's server and rdflib's, over a million triples
    scripts/benchmark index          an index of a million aliases, and the memory while a dump of 1 GB is indexed
    scripts/benchmark pages          the pages over a graph of 100,000 entities, in Chromium
    scripts/benchmark profile        where `kg add` spends its time, step by step

Each prints its figures, and ends with 1 where one is worse than the project allows. Times are CPU times of the whole
process, all its threads included, and exclude starting up; only `cores`, `start` and `server` measure the clock.
"""

from __future__ import annotations

import argparse
import sys

import cores
import growth
import indexing
import pages
import profiling
import reading
import serving
import start

BENCHMARKS = {
    "reading": reading,
    "cores": cores,
    "growth": growth,
    "start": start,
    "server": serving,
    "pages": pages,
    "index": indexing,
    "profile": profiling,
}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/benchmark", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="benchmark", required=True)
    for name, module in BENCHMARKS.items():
        module.options(commands.add_parser(name, help=module.__doc__, description=module.__doc__))
    arguments = parser.parse_args()
    return BENCHMARKS[arguments.benchmark].run(arguments)


if __name__ == "__main__":
    sys.exit(main())
