"""The shape in RDF: the only package that knows it. `docs/decisions/` has why it is as it is."""
