// The page: what is asked of it, kept in the address after #, so that a view can be shared.

const asked = { q: "", node: null, model: "" };
const query = document.getElementById("query");
const target = document.getElementById("target");
const hitsTold = document.getElementById("hits");
const numbersById = new Map([...nodes.values()].map((node) => [node.id, node.number]));
const wide = matchMedia("(min-width: 64rem)");

/** The nodes that stand for a model, or for a group with it. */
function standingFor(name) {
  const named = (node) => node.head === name && node.kind !== "group";
  const holds = (node) => node.members.some((member) => member.textContent === name);
  return [...nodes.values()].filter((node) => named(node) || holds(node)).map((n) => n.number);
}

function both(first, second) {
  if (first === null || second === null) return first ?? second;
  return new Set([...first].filter((number) => second.has(number)));
}

let hits = null;
let onWays = null;
let entrance = null;

function repaint() {
  paint({
    folded: foldedAway(), bright: both(hits, onWays), marked: onWays ?? new Set(),
    current: asked.node, entrance,
  });
}

function tellCounts() {
  const parts = [];
  if (hits) parts.push(hits.size === 1 ? "1 hit" : `${hits.size || "No"} hits`);
  if (onWays) parts.push(`${onWays.size} of ${nodes.size} nodes lie on ways to ${asked.model}`);
  hitsTold.textContent = parts.join("; ");
}

function search(text) {
  asked.q = text.trim().slice(0, 200);
  if (query.value.trim() !== asked.q) query.value = asked.q;
  hits = asked.q ? hitsOf(asked.q) : null;
  filterOutline(hits);
  markWords(hits, asked.q);
  tellCounts();
}

function showWays(name) {
  const options = target ? [...target.options].map((option) => option.value) : [];
  asked.model = options.includes(name) ? name : "";
  if (target) target.value = asked.model;
  const ends = asked.model ? standingFor(asked.model) : [];
  onWays = asked.model ? leadingTo(ends) : null;
  for (const node of nodes.values()) {
    node.item.classList.toggle("on-way", onWays !== null && onWays.has(node.number));
    for (const member of node.members) {
      member.classList.toggle("on-way", asked.model !== "" && member.textContent === asked.model);
    }
  }
  for (const number of onWays ?? []) reveal(number);
  tellCounts();
}

function choose(number) {
  entrance = number ? entranceOf(number, asked.node) : null;
  asked.node = number;
  for (const node of nodes.values()) {
    node.item.classList.toggle("current", node.number === number);
    if (node.number === number) node.item.setAttribute("aria-current", "step");
    else node.item.removeAttribute("aria-current");
  }
  tell(number);
  if (!number) return;
  reveal(number);
  repaint();
  centre(number);
  if (wide.matches) nodes.get(number).item.scrollIntoView({ block: "nearest" });
}

let writing = 0;

/** Keep what is asked in the address; not at every letter, since browsers limit that. */
function remember() {
  clearTimeout(writing);
  writing = setTimeout(() => {
    const parts = new URLSearchParams();
    if (asked.q) parts.set("q", asked.q);
    if (asked.node) parts.set("node", nodes.get(asked.node).id);
    if (asked.model) parts.set("model", asked.model);
    history.replaceState(null, "", `#${parts}`);
  }, 150);
}

/** Do what the address asks for; what it asks for in vain is left out. */
function obey() {
  const fragment = location.hash.slice(1);
  const plain = fragment.replace(/^item-/, "");
  if (nodes.has(plain)) {
    choose(plain); // a link to a node of the picture or to its place in the outline
    remember();
  } else {
    const parts = new URLSearchParams(fragment);
    search(parts.get("q") ?? "");
    showWays(parts.get("model") ?? "");
    choose(numbersById.get(parts.get("node")) ?? null);
  }
  repaint();
}

function did() {
  repaint();
  remember();
}

query.addEventListener("input", () => {
  search(query.value);
  did();
  const first = order.find((number) => hits?.has(number));
  if (first) centre(first);
});
query.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    event.preventDefault();
    search("");
    did();
  } else if (event.key === "Enter" && hits && hits.size) {
    const found = order.filter((number) => hits.has(number));
    choose(found[(found.indexOf(asked.node) + 1) % found.length]);
    did();
  }
});
if (target) {
  target.addEventListener("change", () => { showWays(target.value); did(); });
  document.getElementById("clear-target").addEventListener("click", () => { showWays(""); did(); });
}
for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => { choose(moved(button.dataset.step, asked.node)); did(); });
}
document.getElementById("steps").addEventListener("keydown", (event) => {
  if (!(event.key in keys) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  choose(moved(keys[event.key], asked.node));
  did();
});
for (const button of document.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => zooms[button.dataset.zoom]());
}
document.getElementById("fold-all").addEventListener("click", () => foldAll(false));
document.getElementById("unfold-all").addEventListener("click", () => foldAll(true));
outline.addEventListener("toggle", repaint, true);
window.addEventListener("hashchange", obey);

let shutBeforePrint = [];
window.addEventListener("beforeprint", () => {
  shutBeforePrint = [...outline.querySelectorAll("details:not([open])")];
  foldAll(true);
});
window.addEventListener("afterprint", () => {
  for (const details of shutBeforePrint) details.open = false;
});

document.documentElement.classList.add("scripted");
document.getElementById("tools").hidden = false;
document.getElementById("folds").hidden = false;
tell(null);
fit(0.5);
centre(order[0]);
obey();
