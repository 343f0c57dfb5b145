// The steps: one node after the other in the order of the graph, marked and told.

const order = [...nodes.keys()];
const told = document.getElementById("told");
const position = document.getElementById("position");

/** The node from which a step is reached: the step before it if an edge comes from there. */
function entranceOf(number, previous) {
  const sources = backwards.get(number) ?? [];
  if (sources.includes(previous)) return previous;
  return entrances.get(number)?.from ?? null;
}

function line(className, text) {
  const element = document.createElement("p");
  element.className = className;
  element.textContent = text;
  return element;
}

function tell(number) {
  const node = nodes.get(number);
  const step = order.indexOf(number) + 1;
  position.textContent = `${node ? step : "–"} of ${order.length}`;
  if (!node) {
    told.replaceChildren();
    return;
  }
  const kind = node.state ? `${node.kind}, ${node.state}` : node.kind;
  const parts = [
    line("where", `Step ${step} of ${order.length}: ${kind}`),
    line("label", node.rest ? `${node.head} – ${node.rest}` : node.head),
  ];
  if (node.note) parts.push(line("note", node.note));
  told.replaceChildren(...parts);
}

const moves = {
  first: () => 0,
  previous: (at) => Math.max(0, at - 1),
  next: (at) => Math.min(order.length - 1, at + 1),
  last: () => order.length - 1,
};
const keys = {
  ArrowLeft: "previous", ArrowUp: "previous", ArrowRight: "next", ArrowDown: "next",
  Home: "first", End: "last",
};

/** The number of the node that a move leads to. */
function moved(move, current) {
  return order[moves[move](order.indexOf(current))];
}
