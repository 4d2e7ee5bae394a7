"""Is the ontology consistent, and are facts consistent with it? HermiT answers, through owlready2.

HermiT is a complete reasoner for OWL 2 DL (Glimm et al., 2014). It runs on Java; where that is missing, the error says
how to get it. It is given no literals: their datatypes are the business of the SHACL shapes, and xsd:date is none of
OWL 2's.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pyoxigraph as ox

from kg.errors import OntologyError
from ontology import FILE

MEMORY = 2000
"""How much memory HermiT may take, in MB."""


@dataclass(frozen=True, slots=True)
class Classification:
    """What a reasoner finds.

    `unsatisfiable` are the classes that nothing can belong to. `parents` gives for each named class its direct named
    superclasses, stated or inferred. All are IRIs, sorted; both are empty where `consistent` is false.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    parents: tuple[tuple[str, tuple[str, ...]], ...] = ()


def missing() -> str | None:
    """What the reasoner needs and does not find here, and how to get it; None if all is there."""
    if find_spec("owlready2") is None:
        return "The reasoner needs owlready2: pip install owlready2"
    if shutil.which("java") is None:
        return "The reasoner needs Java: apt-get install default-jre-headless"
    return None


def classify(path: Path = FILE, facts: Iterable[ox.Triple] = ()) -> Classification:
    """Whether the ontology in the Turtle file `path` is consistent together with `facts`, and its class hierarchy.

    Raises `OntologyError` where Java or owlready2 is missing, or the file can't be read.
    """
    reason = missing()
    if reason is not None:
        raise OntologyError(reason)
    import owlready2

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "ontology.nt"
        try:
            triples = [quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
        except (OSError, SyntaxError) as error:
            raise OntologyError(f"The ontology {path} can't be read: {error}") from error
        without_literals = (t for t in (*triples, *facts) if not isinstance(t.object, ox.Literal))
        ox.serialize(without_literals, output=str(copy), format=ox.RdfFormat.N_TRIPLES)
        world = owlready2.World(filename=":memory:")
        loaded = world.get_ontology(copy.as_uri()).load()
        owlready2.reasoning.JAVA_MEMORY = MEMORY
        try:
            with loaded:
                owlready2.sync_reasoner_hermit(world, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return Classification(consistent=False)
        except owlready2.OwlReadyJavaError as error:
            raise OntologyError(f"The reasoner stopped: {str(error).strip().splitlines()[-1]}") from error
        unsatisfiable = {found.iri for found in world.inconsistent_classes()} - {owlready2.Nothing.iri}
        parents = {
            each.iri: tuple(sorted(p.iri for p in each.is_a if isinstance(p, owlready2.ThingClass)))
            for each in world.classes()
        }
        return Classification(True, tuple(sorted(unsatisfiable)), tuple(sorted(parents.items())))
