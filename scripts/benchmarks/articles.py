"""News articles that are made up: as many as asked for, each from its number alone.

They are like news in what matters for speed: one sentence in three states a fact that the ontology knows, names come
again as surnames and pronouns, people speak in quotations, and the rest is what articles are full of. Most people,
companies and programs stand in a few articles only, some in very many.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

GIVEN = [
    "Ada",
    "Amir",
    "Anna",
    "Arun",
    "Beatriz",
    "Bruno",
    "Carla",
    "Chen",
    "Clara",
    "Daniel",
    "Dana",
    "Elena",
    "Emil",
    "Fatima",
    "Felix",
    "Grace",
    "Hanna",
    "Hugo",
    "Ines",
    "Ivan",
    "Jonas",
    "Julia",
    "Kenji",
    "Laura",
    "Leo",
    "Lina",
    "Marco",
    "Maria",
    "Mei",
    "Milan",
    "Nadia",
    "Nora",
    "Omar",
    "Olga",
    "Paul",
    "Petra",
    "Priya",
    "Rafael",
    "Rosa",
    "Samuel",
    "Sara",
    "Sofia",
    "Stefan",
    "Tariq",
    "Thomas",
    "Uma",
    "Vera",
    "Viktor",
    "Yuki",
    "Zara",
]
SYLLABLES = [
    "al",
    "ber",
    "cor",
    "dan",
    "el",
    "fen",
    "gar",
    "hol",
    "im",
    "jor",
    "kel",
    "lun",
    "mar",
    "nor",
    "ost",
    "pel",
    "quin",
    "ros",
    "sen",
    "tor",
    "ul",
    "ver",
    "wes",
    "yor",
    "zan",
]
ENDINGS = [
    "berg",
    "dale",
    "er",
    "field",
    "ford",
    "ham",
    "in",
    "man",
    "mark",
    "mont",
    "ner",
    "son",
    "stein",
    "strom",
    "ton",
    "vic",
    "well",
    "wood",
]
COMPANY = ["Systems", "Labs", "Software", "Technologies", "Networks", "Group", "Inc.", "GmbH", ""]
PROGRAM = ["DB", "OS", "Kit", "JS", "Flow", "ML", "Lang", "Shell", "Grid", ""]
KNOWN_COMPANIES = ["Google", "Microsoft", "IBM", "Red Hat", "Intel", "Mozilla", "SUSE", "Canonical", "GitHub", "Oracle"]
KNOWN_PROGRAMS = ["Linux", "Python", "Firefox", "Kubernetes", "PostgreSQL", "Debian", "Android", "PyTorch", "MySQL"]
CITIES = ["Berlin", "Paris", "London", "Austin", "Toronto", "Tokyo", "Lisbon", "Oslo", "Seattle", "Munich", "Dublin"]
UNIVERSITIES = ["University of Helsinki", "Stanford University", "University of Cambridge", "ETH Zurich"]
TITLES = ["chief executive", "vice president of engineering", "head of design", "chief scientist", "chairman", "editor"]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

FACTS = [
    "{p1}, the founder of {c1}, has left the company after {n} years.",
    "{c1} was founded in {year} by {p1} and {p2}.",
    "{p1} joined {c1} as {title} in {month} {year}.",
    "{c1}, based in {city}, develops the open-source program {s1}.",
    "{c2} acquired {c1} in {month} {year} for ${n} million.",
    "{s1} is written in {s2} and is available under the MIT License.",
    "Version {n}.{m} of {s1} was released on {month} {day}, {year}.",
    "{p1} studied computer science at the {uni} before moving to {city}.",
    "{p2} succeeded {p1} as chief executive of {c1}.",
    "{last1} was born in {city} in {year}.",
    "{c1} has its headquarters in {city} and employs {n} people.",
    "{s1} was created by {p1}, who works for {c1}.",
    "{c1} raised ${n} million from {c2} and other investors.",
    "{p1} is a member of the board of {c1}.",
    "{last1} led the development of {s1} until {year}.",
    "He was awarded the Widget Prize for his work on {s1}.",
    "{p2}, chief executive of {c1}, announced the decision in {city} on Monday.",
    "{c1}, formerly known as {c3}, is a subsidiary of {c2}.",
]
SPEECH = [
    "“I am proud of what we have built,” said {p1}. “Now it is time for something else.”",
    "“We expect that most of our users will not notice the change,” {last1} said in an interview.",
    "“It was never about the money,” {last2} wrote on her blog. “I wanted to see whether it could be done.”",
    "According to {last1}, the work took far longer than anybody in the team had planned for.",
    "{p2} said that the company would publish the figures before the end of the quarter.",
]
FILLER = [
    "The announcement surprised many who have followed the project since its early days.",
    "Users of older versions are advised to make a copy of their data before they install the update.",
    "It is not yet clear how long the transition will take, or what it will cost.",
    "Several large customers had asked for such a feature, but until now none of the attempts had succeeded.",
    "Analysts expect the market to grow, although competition from abroad has made margins smaller.",
    "The team spent most of the summer on tests, and found more than {n} errors that had gone unnoticed.",
    "Critics pointed out that similar promises were made in {year}, and that little came of them.",
    "Whether the new rules will help small firms remains to be seen.",
    "The documentation has been rewritten, with examples for beginners and a chapter on security.",
    "Shares fell by {n} percent in early trading, then recovered in the afternoon.",
    "A spokesperson declined to comment on the reports, which first appeared in a local newspaper.",
    "Much of the code is maintained by volunteers, who meet once a year to discuss what comes next.",
    "The changes affect mobile devices as well as servers, and can be turned off in the settings.",
    "At the same time, the cost of running such services has risen, mostly because of higher prices for power.",
    "The conference, which was held for the first time in {city}, drew about {n} hundred visitors.",
    "In the meantime, work on the next release continues, and a first preview may be shown in {month}.",
    "They also plan to improve support for older hardware, which many schools and libraries still depend on.",
    "What began as an experiment of a few students is now used in offices, hospitals and laboratories.",
]


@dataclass
class Cast:
    """Whom and what one article is about, drawn by its own random numbers."""

    rng: random.Random
    _names: dict[str, str] = field(default_factory=dict)

    def fill(self, template: str) -> str:
        rng = self.rng
        return template.format(
            p1=self._once("p1", self._person),
            p2=self._once("p2", self._person),
            last1=self._once("p1", self._person).split()[-1],
            last2=self._once("p2", self._person).split()[-1],
            c1=self._once("c1", self._company),
            c2=self._once("c2", self._company),
            c3=self._once("c3", self._company),
            s1=self._once("s1", self._program),
            s2=self._once("s2", self._program),
            city=rng.choice(CITIES),
            uni=rng.choice(UNIVERSITIES),
            title=rng.choice(TITLES),
            month=rng.choice(MONTHS),
            year=rng.randint(1985, 2025),
            day=rng.randint(1, 28),
            n=rng.randint(2, 90),
            m=rng.randint(0, 12),
        )

    def _once(self, key: str, make: Callable[[], str]) -> str:
        if key not in self._names:
            self._names[key] = make()
        return self._names[key]

    def _coined(self) -> str:
        """One of 365,000 words, or one in eight times one of 13,000: homonyms, of which there are some in the news."""
        syllables = self.rng.choices(SYLLABLES, k=2 if self.rng.random() < 0.125 else 3)
        return ("".join(syllables) + self.rng.choice(ENDINGS)).capitalize()

    def _person(self) -> str:
        return f"{self.rng.choice(GIVEN)} {self._coined()}"

    def _company(self) -> str:
        if self.rng.random() < 0.3:
            return self.rng.choice(KNOWN_COMPANIES)
        return f"{self._coined()} {self.rng.choice(COMPANY)}".strip()

    def _program(self) -> str:
        if self.rng.random() < 0.3:
            return self.rng.choice(KNOWN_PROGRAMS)
        return self._coined() + self.rng.choice(PROGRAM)


def made_up(number: int) -> dict[str, str]:
    """Article `number`: always the same, of about 350 words, as a line of JSON Lines for `kg add`."""
    rng = random.Random(number)
    cast = Cast(rng)
    paragraphs = []
    for _ in range(rng.randint(5, 8)):
        sentences = []
        for _ in range(rng.randint(2, 4)):
            kind = rng.choices((FACTS, SPEECH, FILLER), (1, 0.4, 1.6))[0]
            sentences.append(cast.fill(rng.choice(kind)))
        paragraphs.append(" ".join(sentences))
    return {
        "id": f"made-up-{number}",
        "title": cast.fill("{p1} leaves {c1}"),
        "published": f"{rng.randint(2015, 2025)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "text": "\n\n".join(paragraphs),
    }
