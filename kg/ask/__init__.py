"""Questions in plain English, answered by SPARQL that is made from the ontology's own wordings and labels."""
