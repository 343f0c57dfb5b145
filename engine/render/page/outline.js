// The outline: reads the graph from it, folds it and filters it.

const outline = document.getElementById("outline");

/** Every node by its number in the picture ("n1"), in the order of the graph. */
const nodes = new Map();
/** Every way from node to node, as the outline holds it. */
const ways = [];

function comparable(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

function own(item, selector) {
  const found = item.querySelector(`:scope > ${selector}, :scope > details > ${selector}`);
  return found ? found.textContent.replace(/\s+/g, " ").trim() : "";
}

function readNode(item) {
  const members = [...item.querySelectorAll(":scope > details > .body > .members > li")];
  const head = item.querySelector(".head").textContent;
  const note = own(item, ".body > .note > .note-text");
  const told = [own(item, ".row"), note, item.dataset.id, item.dataset.kind];
  const became = item.querySelector(":scope > .row .became, :scope > details > .row .became");
  return {
    number: item.dataset.node, id: item.dataset.id, kind: item.dataset.kind,
    state: became ? became.textContent : "",
    item, head, note, members,
    rest: own(item, ".row .rest"),
    details: item.querySelector(":scope > details"),
    words: comparable(told.join(" ")),
    names: members.map((member) => comparable(member.textContent)),
  };
}

{
  const items = [...outline.querySelectorAll(".item")];
  const place = (item) => Number(item.dataset.node.slice(1));
  for (const item of items.sort((a, b) => place(a) - place(b))) {
    nodes.set(item.dataset.node, readNode(item));
  }
  for (const entry of outline.querySelectorAll("[data-from]")) {
    ways.push({
      from: entry.dataset.from, to: entry.dataset.node,
      beside: "beside" in entry.dataset, again: entry.classList.contains("again"),
    });
  }
}

/** The way by which the outline reaches a node. */
const entrances = new Map(ways.filter((way) => !way.again).map((way) => [way.to, way]));

function reachable(from, waysOn) {
  const found = new Set(from);
  const waiting = [...found];
  while (waiting.length) {
    for (const next of waysOn(waiting.pop())) {
      if (!found.has(next)) {
        found.add(next);
        waiting.push(next);
      }
    }
  }
  return found;
}

function grouped(key, value) {
  const groups = new Map();
  for (const way of ways) {
    if (!groups.has(way[key])) groups.set(way[key], []);
    groups.get(way[key]).push(value(way));
  }
  return groups;
}

const onwards = grouped("from", (way) => way);
const backwards = grouped("to", (way) => way.from);

/** The nodes from which a node can be reached, and itself. */
function leadingTo(targets) {
  return reachable(targets, (number) => backwards.get(number) ?? []);
}

/** What no way leads to once those of folded nodes are taken away. */
function foldedAway() {
  const tops = [...nodes.keys()].filter((number) => !entrances.has(number));
  const seen = reachable(tops, (number) => {
    const details = nodes.get(number).details;
    const shut = details !== null && !details.open;
    return (onwards.get(number) ?? []).filter((way) => way.beside || !shut).map((way) => way.to);
  });
  return new Set([...nodes.keys()].filter((number) => !seen.has(number)));
}

function foldAll(open) {
  for (const details of outline.querySelectorAll("details")) details.open = open;
}

/** Unfold whatever a node lies in. */
function reveal(number) {
  let details = nodes.get(number).item.parentElement.closest("details");
  for (; details; details = details.parentElement.closest("details")) details.open = true;
}

function holdsAll(text, words) {
  return words.every((word) => text.includes(word));
}

/** The nodes that hold every word of a query, in themselves or in one of their members. */
function hitsOf(query) {
  const words = comparable(query).split(" ").filter(Boolean);
  const hits = new Set();
  for (const [number, node] of nodes) {
    const named = node.names.map((name) => holdsAll(`${name} ${node.words}`, words));
    const itself = holdsAll(node.words, words);
    if (itself || named.includes(true)) hits.add(number);
    node.members.forEach((member, index) => { member.hidden = !itself && !named[index]; });
  }
  return hits;
}

let foldedBefore = null;

/** Leave only the hits and what they lie in; null leaves everything, folded as it was before. */
function filterOutline(hits) {
  outline.classList.toggle("filtered", hits !== null);
  if (hits === null) {
    for (const node of nodes.values()) {
      node.item.classList.remove("hit", "holds-hit");
      for (const member of node.members) member.hidden = false;
    }
    if (foldedBefore) for (const details of foldedBefore) details.open = false;
    foldedBefore = null;
    return;
  }
  foldedBefore ??= [...outline.querySelectorAll("details:not([open])")];
  for (const [number, node] of nodes) {
    node.item.classList.toggle("hit", hits.has(number));
    node.item.classList.toggle("holds-hit", false);
  }
  for (const number of hits) {
    reveal(number);
    const { item, details } = nodes.get(number);
    if (details) details.open = true;
    let above = item.parentElement.closest(".item");
    for (; above; above = above.parentElement.closest(".item")) above.classList.add("holds-hit");
  }
}
