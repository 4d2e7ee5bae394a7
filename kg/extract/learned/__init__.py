"""The extractor that has learned: a small network over windows of sentences finds mentions and the facts among them."""
