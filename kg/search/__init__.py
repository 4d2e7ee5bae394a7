"""Full-text search over names, titles and sentences, for pages, for the command line, and inside SPARQL."""
