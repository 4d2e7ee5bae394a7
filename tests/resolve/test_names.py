"""Which names of an article stand for one thing."""

from __future__ import annotations

import time

import pytest

from tests.resolve.marked import entities, expected, grouped, read

CASES = {
    # People
    "a surname after the full name": "[Ada Park|P1] runs it. [Park|P1] says so.",
    "a given name after the full name": "[Ada Park|P1] runs it. [Ada|P1] says so.",
    "a surname in a headline before the full name": "[Park|P1] leaves\n\n[Ada Park|P1] has left.",
    "a name with a middle name and without": "[Ada Mary Park|P1] came. [Ada Park|P1] left.",
    "a middle initial fits the middle name": "[Ada Mary Park|P1] came. [Ada M. Park|P1] left. [Park|P1] slept.",
    "another middle initial is another person": "[Ada Mary Park|P1] came. [Ada K. Park|P2] left.",
    "an initial for the given name": "[Robert Ilves|P1] came. [R. Ilves|P1] left.",
    "a short form of the given name": "[William Reyes|P1] came. [Bill Reyes|P1] left.",
    "two people with one surname stay apart": "[Ada Park|P1] met [Joon Park|P2].",
    "a bare surname is the one's first called by it": (
        "[Ada Park|P1] spoke. [Park|P1] was glad. Her brother [Joon Park|P2] agreed. [Park|P1] then left."
    ),
    "a title tells which of two is meant": (
        "[Ada Park|P1] married [Joon Park|P2]. Ms. [Park|P1] sings. Mr. [Park|P2] paints."
    ),
    "a given name tells which of two is meant": "[Ada Park|P1] married [Joon Park|P2]. [Joon|P2] paints.",
    "the nearer of two where the other is long past": (
        "[Ada Park|P1] spoke. "
        + "Nothing else happened for a very long while in that town. " * 14
        + "[Joon Park|P2] came. [Park|P2] left."
    ),
    "a title within the name": "[Dr. Ada Park|P1] spoke. [Park|P1] left.",
    "a suffix after the name": "[Sam Ilves Jr.|P1] spoke. [Ilves|P1] left.",
    "a particle belongs to the surname": "[Tim van der Berg|P1] spoke. [van der Berg|P1] left.",
    "the particle may be left out": "[Tim van Berg|P1] spoke. [Berg|P1] left.",
    "a nickname in quotes": '[Maria "Mimi" Lund|P1] sang. [Mimi Lund|P1] danced. [Mimi|P1] slept.',
    "a surname that two given names share in one sentence": "[Ada Park|P1] and [Joon Park|P2] came. [Ada|P1] left.",
    "an author's two surnames": "[Gabriel Ruiz Marquez|P1] wrote. [Ruiz Marquez|P1] slept. [Marquez|P1] woke.",
    "two people with one given name stay apart": "[Ada Park|P1] met [Ada Lund|P2]. [Lund|P2] left.",
    "a family name that comes first": "[Moon Jae-in|P1] spoke. [Moon|P1] left.",
    "a band and the guitarist it is called after": (
        "[Nils Stavanger|P1] founded the band [Stavanger|O2]. [Stavanger|O2] toured. [Nils|P1] slept."
    ),
    "a person and the company of that name": "[Henry Dell|P1] founded [Dell|O2]. [Dell|O2] grew.",
    # Acronyms
    "an acronym in brackets": "The [Recorded Songs Association of Nowhere|O1] ([RSAN|O1]) sued. [RSAN|O1] won.",
    "the expansion in brackets": "[RSAN|O1] ([Recorded Songs Association of Nowhere|O1]) sued.",
    "an acronym without brackets": "The [Open Widget Initiative|O1] met. The [OWI|O1] voted.",
    "an acronym with all its small words": "The [Bureau of Standards|O1] met. [BoS|O1] voted.",
    "an acronym of a hyphenated name": "[Bell-Rand Fabrics|O1] grew. [BRF|O1] shrank.",
    "an acronym of a program": "[Common Shell Environment|S1] is out. [CSE|S1] is free.",
    "an acronym with dots": "The [Union of Typographers|O1] met. The [U.T.|O1] voted.",
    "an acronym that fits two stays alone": (
        "The [Open Widget Initiative|O1] met the [Old Women's Institute|O2]. The [OWI|O3] voted."
    ),
    "countries by initials": "[United States|L1] firms grew. The [U.S.|L1] and the [US|L1] shrank.",
    "a demonym is its country": "A [Hungarian|L1] firm moved to [Austria|L2]. [Hungary|L1] and [Austrian|L2] firms did.",
    # Organizations, programs, products
    "the article is no part of the name": "[The Widget Foundation|O1] met. The [Widget Foundation|O1] voted.",
    "a form of incorporation is no part of the name": "[Acme, Inc.|O1] grew. [Acme|O1] shrank.",
    "a German form of incorporation": "[Acme GmbH|O1] grew. [Acme|O1] shrank.",
    "a company and the program of its name": "[Acme AB|O1] makes [Acme|S2]. [Acme AB|O1] sold [Acme|S2].",
    "the first word of a company's name": "[Brandt Defence Group|O1] grew. [Brandt|O1] shrank.",
    "the first words of an institution's name": "[Lund Institution of Botany|O1] opened. [Lund|O1] closed.",
    "the kind left out within the name": "[Lund Institution of Botany|O1] opened. [Lund Botany|O1] closed.",
    "the last word of a program's name": "[MintOS Rapids|S1] replaces [MintOS|S2]. [Rapids|S1] is newer.",
    "a company and its program stay apart": "[Blue Cap|O1] makes [Blue Cap Enterprise System|S2]. [Blue Cap|O1] grew.",
    "a project and its board stay apart": "[openFoo|O1] has an [openFoo Board|O2]. [openFoo|O1] grew.",
    "a board is called by its last word": "The [openFoo Board|O1] met. The [Board|O1] voted.",
    "a program and its foundation stay apart": "[Fizz|S1] has the [Fizz Foundation|O2]. [Fizz|S1] is free.",
    "a program and a variant stay apart": "[Fizz|S1] is old. [Fizz Native|S2] is new. [Fizz|S1] lives.",
    "two versions that are products stay apart": "[Panes 10|S1] was followed by [Panes 11|S2].",
    "a company and its research arm stay apart": "[Acme Research|O1] belongs to [Acme|O2]. [Acme|O2] grew.",
    "a university and a campus stay apart": (
        "The [University of Nowhere|O1] and the [University of Nowhere, Northtown|O2] met."
    ),
    "a distribution with and without its last word": "[MintOS|S1] is free. [MintOS Linux|S1] is popular.",
    "a short form of two names stays alone": "[Brandt Group|O1] sued [Brandt Holding|O2]. [Brandt|O3] lost.",
    "a service that is also its company": "[Chirp|S1] is popular. [Chirp|O1] fired its boss.",
    "small and large letters": "[OpenFoo|S1] is out. [openfoo|S1] is free.",
    # Former and other names
    "now called": "[Facepage|O1], now [Beta|O1], grew. [Beta|O1] shrank.",
    "now called, in brackets": "It was made by [Facepage|O1] (now [Beta|O1]) in May. [Beta|O1] sold it.",
    "formerly": "[Beta|O1], formerly [Facepage|O1], grew.",
    "formerly known as": "[Beta|O1] (formerly known as [Facepage|O1]) grew.",
    "renamed": "[Facepage|O1] was renamed [Beta|O1].",
    "renamed itself": "[Facepage|O1] renamed itself [Beta|O1] in 2021.",
    "changed its name to": "[Facepage|O1] changed its name to [Beta|O1].",
    "also known as": "[Ivo Karlsson|P1], also known as [Kallo|P1], sings.",
    "born as": "[Kallo|P1] was born [Ivo Karlsson|P1].",
    "born in a place is no other name": "[Ivo Karlsson|P1], born [Oslo|L2], sings.",
    "a name within another's phrase is not renamed": "[Brewer|S1] on [Panes|S2] (known as [Panebrewer|S3]) is out.",
    "apart without words that join them": "[Facepage|O1] and [Beta|O2] met.",
    "the family name first or last": "[Higa Natsu|P1] wrote. [Natsu Higa|P1] slept.",
    "letters after a name": "[Dame Ada Mary Park DBE|P1] built. [Ada Park|P1] slept.",
    "a foreign acronym in brackets": "[NEF|O1] ([Federation of Exact Names|O1]) met. [NEF|O1] voted.",
    "a town with its county": "In [Exford, Devon|L1], it rained. [Exford|L1] slept.",
    "a town and a longer name": "[New Lund|L1] slept. [New Lund City|L2] woke.",
    "an office with its country": "The [United Kingdom Fish Office|O1] met. The [Fish Office|O1] voted.",
    # Misspellings
    "a surname misspelt": "[Nadia Chirwala|P1] left. [Chirwara|P1] was with them for years. [Chirwala|P1] slept.",
    "letters swapped": "[Nadia Hinterfeld|P1] left. [Hintrefeld|P1] had been glad.",
    "the slip may be the commoner form": (
        "[Nadia Chirwala|P1] left. [Chirwara|P1] rests. [Chirwara|P1] reads. [Chirwara|P1] sleeps."
    ),
    "two real surnames stay apart": "[Pam Anderson|P1] left. [Andersen|P2] stayed.",
    "two full names stay apart": "[Nadia Chirwala|P1] left. [Omar Chirwara|P2] stayed. [Chirwara|P2] slept.",
    "together in one sentence they are two": "[Nadia Chirwala|P1] left. [Chirwala|P1] and [Chirwara|P2] spoke.",
    "who is introduced is another": "[Nadia Chirwala|P1] left. Next spoke [Chirwara|P2], a doctor from Lund.",
    "who comes with a role is another": "[Nadia Chirwala|P1] left. The lawyer [Chirwara|P2] stayed.",
    "short names are never slips": "[Nadia Khan|P1] left. [Kahn|P2] stayed.",
    "another first letter is another name": "[Nadia Bergmann|P1] left. [Dergmann|P2] stayed.",
    "a full name misspelt once": "[Nadia Chirwala|P1] left. [Chirwala|P1] read. [Nadia Chirwela|P1] slept.",
    "brothers with given names alike stay apart": "[Jon Chirwala|P1] left. [Joan Chirwala|P2] stayed.",
    "a program misspelt once": "[Fizzbuzzer|S1] is out. [Fizzbuzzer|S1] is free. [Fizzbuzer|S1] is small.",
    "numbers are never slips": "[Fizzbuzz2|S1] is out. [Fizzbuzz2|S1] is free. [Fizzbuzz3|S2] is new.",
    "acronyms are never slips": "[ABCDEFG|O1] met. [ABCDEFG|O1] voted. [ABCDEFH|O2] left.",
    "places are never slips": "[Slovakia|L1] won. [Slovakia|L1] sang. [Slovekia|L2] lost.",
}


@pytest.mark.parametrize("text", CASES.values(), ids=CASES.keys())
def test_the_names_of_one_thing_are_one_entity(text: str) -> None:
    marked = read(text)
    assert grouped(marked, entities(marked)) == expected(marked)


def test_a_book_takes_no_longer_by_the_word_than_an_article() -> None:
    """Twenty times as many people, pronouns and quotations take about twenty times as long, not four hundred."""

    def seconds(people: int) -> float:
        marked = read(
            "\n\n".join(
                f'[Ada Lund{i}er|P1] joined [Acme{i} Group|O2]. [She|1] left. "[We|2] grow," said [Omar Park{i}er|P3].'
                for i in range(people)
            )
        )
        best = 1e9
        for _ in range(3):
            start = time.process_time()
            entities(marked)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(2000) < 3 * 20 * seconds(100)
