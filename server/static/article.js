// Lights the words that a fact is about, while the fact has the pointer or the focus; and the other way round. That a
// sentence and its facts belong together, the style sheet shows without it.
for (const sentence of document.querySelectorAll(".sentence")) {
  const names = [...sentence.querySelectorAll("a.name")];
  const facts = [...sentence.nextElementSibling.querySelectorAll(".stated")];
  const isAbout = (fact, name) => [...fact.querySelectorAll("a")].some((link) => link.href === name.href);
  const light = (from, others, fits) => {
    for (const [event, isLit] of [["mouseenter", true], ["focusin", true], ["mouseleave", false], ["focusout", false]]) {
      from.addEventListener(event, () => {
        for (const other of others) if (fits(other)) other.classList.toggle("lit", isLit);
      });
    }
  };
  for (const fact of facts) light(fact, names, (name) => isAbout(fact, name));
  for (const name of names) light(name, facts, (fact) => isAbout(fact, name));
}
