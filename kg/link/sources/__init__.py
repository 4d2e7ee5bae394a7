"""What an index can be made of: tables, RDF, Wikibase's JSON, and answers of SPARQL endpoints."""
