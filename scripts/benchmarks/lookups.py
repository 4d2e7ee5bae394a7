"""One client that looks things up as fast as it can: `lookups.py PORT PATH ARTICLES SECONDS ROUND CLIENT`.

Prints how many look-ups a second it made.
"""

from __future__ import annotations

import sys
import time

from http_client import Client
from serving_graph import LOOKUP

port, articles, number, own = (int(sys.argv[place]) for place in (1, 3, 5, 6))
seconds = float(sys.argv[4])
client = Client(port, sys.argv[2], 30.0)
# Each look-up is one of its own, so that none is answered from a cache.
first = 10_000 * (number * 8 + own)
requests = [
    client.request(LOOKUP.on((first + place) % articles) + f" {first + place}", LOOKUP.accept)
    for place in range(10_000)
]
count = 0
began = time.perf_counter()
while time.perf_counter() - began < seconds:
    client.ask(requests[count % len(requests)])
    count += 1
print(count / (time.perf_counter() - began))
