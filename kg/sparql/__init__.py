"""What SPARQL says a query means, where the engine takes it otherwise."""
