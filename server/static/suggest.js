// Suggestions under a search box while one types, as https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ describes them.
for (const input of document.querySelectorAll("form[role=search] input")) {
  const form = input.form;
  const list = document.createElement("ul");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  form.append(list);
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
  const show = (results) => {
    list.replaceChildren(...results.map((found, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.dataset.page = found.page;
      const kind = document.createElement("small");
      kind.textContent = found.kind;
      option.append(found.label, found.text === found.label ? "" : ` (${found.text})`, " ", kind);
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
      const address = `${form.action}?${new URLSearchParams({ q: input.value, format: "json", limit: 8 })}`;
      const response = await fetch(address, { signal: request.signal });
      if (response.ok) show((await response.json()).results.filter((found) => found.page));
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
      location.assign(list.children[chosen].dataset.page);
    }
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.page);
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    request.abort();
    close();
  });
}
