// Makes the picture of an entity's neighbours a graph that can be explored, once one asks for that.
const graphModule = new URL("graph.js", document.currentScript.src);

for (const box of document.querySelectorAll("[data-neighbours]")) {
  const { neighbours, iri, label, relation } = box.dataset;
  const ask = async (of, limit, of_relation = "") => {
    const response = await fetch(`${neighbours}?${new URLSearchParams({ of, limit, relation: of_relation })}`);
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    return response.json();
  };
  const explore = async () => {
    const { Graph, MOST } = await import(graphModule);
    const found = await ask(iri, MOST - 1, relation);
    const picture = document.createDocumentFragment();
    const advice = "Choose one relation of the page, or hide what you do not need.";
    const graph = new Graph(picture, { label, advice, expand: ({ id }, room) => ask(id, room) });
    box.replaceChildren(picture);
    graph.begin(found);
  };
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Explore as a graph";
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await explore();
    } catch (error) {
      button.textContent = `This can't be explored now: ${error.message}`;
    }
  });
  const tools = document.createElement("p");
  tools.className = "scripted";
  tools.append(button);
  box.prepend(tools);
}
