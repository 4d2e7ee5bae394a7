"""The extractor that has learned: a small network over windows of sentences finds mentions and the facts among them.

folder      where a model lies, and what it says of itself
labels      what it tells apart, and what the ontology allows
windows     a document as the network reads it
model       the network, run by onnxruntime
decode      from its scores to mentions and relation mentions
extractor   the plug-in `model`
"""
