"""The extractor that reads by the ontology's wordings alone: precise, fast, and with nothing learned.

encode      a sentence as a string in which each mention is one character
compiler    the wordings, and what triggers them; patterns: their three kinds
verbs, nouns, reader: what is found around a verb, a role noun, or by a plain pattern
clauses     who does it, and is it asserted; qualifiers: when, and in which role
"""

from kg.extract.wordings.reader import Reader, Wordings

__all__ = ["Reader", "Wordings"]
