"""Wikibase's form of the graph, for what was written for Wikidata: docs/decisions/wikibase.md has how and why."""
