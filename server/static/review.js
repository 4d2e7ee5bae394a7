// The review page by keyboard: what its buttons do, done by a letter, to the fact that is the current one.
const items = [...document.querySelectorAll(".item")];
const current = () => Math.max(0, items.indexOf(document.activeElement?.closest(".item")));
const go = (place) => items[Math.min(Math.max(place, 0), items.length - 1)]?.focus();
const send = (within, action) => within?.querySelector(`[data-action="${action}"]`)?.requestSubmit();

const done = {
  j: () => go(current() + 1),
  k: () => go(current() - 1),
  a: () => send(items[current()], "accept"),
  r: () => send(items[current()], "reject"),
  c: () => {
    const details = items[current()]?.querySelector(".correct");
    if (!details) return;
    details.open = true;
    details.querySelector("select").focus();
  },
  u: () => send(document.querySelector(".done"), "undo"),
};
done.ArrowDown = done.j;
done.ArrowUp = done.k;

addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea");
  if (event.key === "Escape" && isTyping?.closest(".item")) {
    isTyping.closest(".item").focus();
    return;
  }
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !done[event.key]) return;
  event.preventDefault();
  done[event.key]();
});

const keys = document.querySelector(".keys");
if (keys) keys.hidden = false;
const next = document.getElementById(location.hash.slice(1));
go(next ? items.indexOf(next) : 0);
