"""What pronouns and nominals stand for."""

from __future__ import annotations

import pytest

from kg.model import Extraction
from tests.resolve.marked import entities, expected, grouped, read

CASES = {
    # He and she
    "the last subject": "[Ada Park|P1] left [Acme|O2]. [She|1] was glad.",
    "his own": "[Omar Lund|P1] sold [his|1] house.",
    "gender by given name": "[Mary Park|P1] hired [John Lund|P2]. [She|1] paid [him|2]. [He|2] was glad.",
    "a title tells the gender": "Ms. [Okafor|P1] met Mr. [Ivanov|P2]. [He|2] thanked [her|1].",
    "a pronoun tells the gender of what comes after": (
        "[Soren Quill|P1] left. [He|1] was tired. [Mary Lund|P2] came. [She|2] saw [him|1]."
    ),
    "the subject rather than who is named after a preposition": "[Omar Lund|P1] came with [Eric Voss|P2]. [He|1] sat.",
    "a possessor's relative is not the possessor": "[Mary Park|P1] called. Her mother said [she|0] was ill.",
    "an object is not its own subject": "[Omar Lund|P1] came. [Eric Voss|P2] greeted [him|1].",
    "her as an object is not the subject": "[Mary Park|P1] came. [Anna Voss|P2] greeted [her|1] at the door.",
    "somebody without a name": "[Omar Lund|P1] left. A man came in. [He|0] sat down.",
    "somebody of the other gender is not meant": "[Omar Lund|P1] left. A woman came in. [He|1] sat down.",
    "nobody before": "[He|0] came. It was late.",
    "far back is too far": "[Omar Lund|P1] left. It rained. It snowed. It hailed. It thawed. [He|0] sat.",
    "two who fit as well": "[Omar Lund|P1] and [Eric Voss|P2] met. [He|0] sat.",
    "a programme is never he": "[Fizz|S1] is out. [He|0] likes it.",
    "through a chain of pronouns": "[Omar Lund|P1] left. [He|1] sat. [He|1] ate. [His|1] soup was cold. [He|1] slept.",
    "a name that is given to the other gender": "[Ginger Brock|P1] drums. [He|1] is old. [His|1] hands hurt.",
    # It and they
    "it, the last subject": "[Fizz|S1] is a library. [It|1] is fast.",
    "its, the subject of the clause": "[Acme|O1] sold [its|1] shares.",
    "it in a second clause": "[Acme|O1] said that [it|1] will close.",
    "it after an introduction": "[Fizz|S1] is new. In May, [it|1] was released.",
    "it as an object may be anything": "[Acme|O1] got a letter. Nobody read [it|0].",
    "it that stands for nothing": "[Acme|O1] grew. [It|0] is clear that this helps.",
    "it after a subject without a name": "[Acme|O1] grew. The deal was large. [It|0] closed in May.",
    "it is never a person": "[Omar Lund|P1] left. [It|0] was fast.",
    "it in a new paragraph": "[Acme|O1] grew.\n\n[It|0] was late.",
    "it, the subject of the nearer clause": (
        "[Fizz|S1] was made by [Acme|O2], but in 2022 the '[Fizz Foundation|O3]' was set up, and [it|3] thrives."
    ),
    "able to is not empty": "[Fizz|S1] is new. [It|1] is able to fly.",
    "their, one organization": "[Acme|O1] announced [their|1] move.",
    "they, when others may be meant": "[Acme|O1] told the users that [they|0] must move.",
    "they, a band": "The band [Stavanger|O1] rose to fame among many artists. In 2007 [they|1] disbanded.",
    "they, two people": "[Omar Lund|P1] and [Eric Voss|P2] met. [They|0] sat.",
    # We and I
    "we, the publisher": "Today [Acme|O1] grows. [We|1] are glad.",
    "we, the subject of the sentence": "[Fizzware|O2] is happy to announce that [we|2]'re partners of [Acme|O1].",
    "I, the author": "[Ada Park|P1] here. [I|1] write this.",
    "I in nobody's quotation": '"[I|0] am here." The door opened.',
    # Nominals
    "the company, the only one": "[Acme|O1] was founded by [Omar Lund|P2]. {The company|O1} grew.",
    "the company, two that fit": "[Acme|O1] sued [Bolt|O2]. {The company|O0} grew.",
    "the company, two but one is called so": "[Acme|O1], a company from Lund, sued [Bolt|O2]. {The company|O1} grew.",
    "the foundation, by its name": "[Acme|O1] left the [Fizz Foundation|O2]. {The foundation|O2} grew.",
    "the company is no foundation": "[Acme|O1] joined the [Fizz Foundation|O2]. {The company|O1} grew.",
    "the university, by its name": "[Omar Lund|P1] left the [University of Nowhere|O2]. {The university|O2} grew.",
    "the guitarist, as introduced": "Guitarist [Omar Lund|P1] met [Eric Voss|P2]. {The guitarist|P1} sang.",
    "the drummer, as described after": "[Omar Lund|P1], a drummer, met [Eric Voss|P2]. {The drummer|P1} sang.",
    "the library, as said of it": "[Fizz|S1] is a small library. It needs [Buzz|S2]. {The library|S1} is free.",
    "the kernel may be nobody's": "[Fizz|S1] is out. {The kernel|S0} is small.",
    "the guitarist is no country": "Guitarist [Omar Lund|P1] met [Lundia|L2]. {The guitarist|P1} sang.",
    "the university is no professor": (
        "Professor [Omar Lund|P1] left the [University of Nowhere|O2]. {The university|O2} grew."
    ),
    "a company is none that was named": "[Acme|O1] grew. {A company|O0} shrank.",
    "a nominal and then a pronoun": "[Acme|O1] was founded by [Omar Lund|P2]. {The company|O1} said [it|1] grew.",
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_a_pronoun_or_nominal_stands_for(text: str) -> None:
    marked = read(text, publisher="Acme Blog", authors=("Ada Park",))
    assert grouped(marked, entities(marked)) == expected(marked)


def test_a_nominal_that_carries_no_fact_is_no_mention() -> None:
    marked = read("[Acme|O1] grew. {The company|O1} shrank.")
    (acme,) = entities(marked, extraction=Extraction("marked", marked.mentions, ()))
    assert [mention.text for mention in acme.mentions] == ["Acme"]
