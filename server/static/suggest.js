// Suggestions under a field for names while one types, as https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ describes
// them. In a search box, what is chosen is opened; in another form it is written into the field, and its IRI is sent.
let fields = 0;
for (const input of document.querySelectorAll("input[data-suggest]")) {
  const form = input.form;
  const isSearch = form.getAttribute("role") === "search";
  const list = document.createElement("ul");
  list.id = `suggestions-${fields++}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  input.parentElement.classList.add("suggesting");
  // The list comes to stand in the label of the field, and is no part of its name.
  if (input.labels.length) input.setAttribute("aria-label", input.labels[0].textContent.trim());
  input.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
  })) input.setAttribute(name, value);

  let chosen = -1;
  let timer = 0;
  let request = new AbortController();

  const choose = (place) => {
    chosen = place;
    [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    if (place < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", list.children[place].id);
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  };
  const take = (option) => {
    if (isSearch) return location.assign(option.dataset.page);
    input.value = option.dataset.label;
    input.dataset.label = option.dataset.label;
    input.dataset.iri = option.dataset.iri;
    close();
  };
  const show = (results) => {
    list.replaceChildren(...results.map((found, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      Object.assign(option.dataset, { page: found.page, label: found.label, iri: found.iri });
      const kind = document.createElement("small");
      kind.textContent = found.kind;
      const name = document.createElement("span");
      name.append(found.label, found.text === found.label ? "" : ` (${found.text})`);
      option.append(name, " ", kind);
      return option;
    }));
    close();
    list.hidden = results.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  const ask = async () => {
    request.abort();
    request = new AbortController();
    if (!input.value.trim()) return close();
    try {
      const limit = isSearch ? 8 : 30; // of these, some are articles and sentences
      const address = `${input.dataset.suggest}?${new URLSearchParams({ q: input.value, format: "json", limit })}`;
      const response = await fetch(address, { signal: request.signal });
      if (!response.ok) return;
      const found = (await response.json()).results.filter(({ page }) => page && (isSearch || page.includes("/entity/")));
      show(found.slice(0, 8));
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    const count = list.hidden ? 0 : list.children.length;
    if (event.key === "Escape" && count) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(chosen < 0 && step < 0 ? count - 1 : ((chosen + step + 1 + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && count && chosen >= 0) {
      event.preventDefault();
      take(list.children[chosen]);
    }
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    request.abort();
    close();
  });
}

// Of two things of one name, the one that was chosen is meant.
for (const form of new Set([...document.querySelectorAll("input[data-suggest]")].map((input) => input.form))) {
  form.addEventListener("formdata", ({ formData }) => {
    const inputs = [...form.querySelectorAll("input[data-suggest]")];
    for (const { name } of inputs) formData.delete(name);
    for (const { name, value, dataset } of inputs) formData.append(name, value === dataset.label ? dataset.iri : value);
  });
}
