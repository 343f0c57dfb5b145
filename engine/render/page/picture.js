// The picture: which of its nodes and edges are shown, dimmed or marked, and how large it is.

const box = document.getElementById("picture");
const drawing = box.querySelector("svg");
const drawnNodes = new Map();
const drawnEdges = [];

for (const node of drawing.querySelectorAll("g.node")) drawnNodes.set(node.id, node);
for (const edge of drawing.querySelectorAll("g.edge")) {
  drawnEdges.push({ drawn: edge, from: edge.dataset.source, to: edge.dataset.target });
}

/** Show what is not folded away, dim what is not `bright`, mark the ways and the current step. */
function paint({ folded, bright, marked, current, entrance }) {
  for (const [number, node] of drawnNodes) {
    node.classList.toggle("folded", folded.has(number));
    node.classList.toggle("dimmed", bright !== null && !bright.has(number));
    node.classList.toggle("bright", bright !== null && bright.has(number));
    node.classList.toggle("on-way", marked.has(number));
    node.classList.toggle("current", number === current);
  }
  for (const { drawn, from, to } of drawnEdges) {
    drawn.classList.toggle("folded", folded.has(from) || folded.has(to));
    drawn.classList.toggle("dimmed", bright !== null && !(bright.has(from) && bright.has(to)));
    drawn.classList.toggle("on-way", marked.has(from) && marked.has(to));
    drawn.classList.toggle("current", to === current && from === entrance);
  }
}

/** Bring a node of the picture into the middle of its box, without moving the page. */
function centre(number) {
  const node = drawnNodes.get(number);
  if (!node) return;
  const found = node.getBoundingClientRect();
  const frame = box.getBoundingClientRect();
  box.scrollLeft += found.left + found.width / 2 - (frame.left + frame.width / 2);
  box.scrollTop += found.top + found.height / 2 - (frame.top + frame.height / 2);
}

const wholeWidth = drawing.getBoundingClientRect().width || 1;
const SMALLEST = 0.1;
const LARGEST = 4;
let scale = 1;

function zoomTo(wanted) {
  scale = Math.min(LARGEST, Math.max(SMALLEST, wanted));
  const across = (box.scrollLeft + box.clientWidth / 2) / box.scrollWidth;
  const down = (box.scrollTop + box.clientHeight / 2) / box.scrollHeight;
  drawing.style.width = `${wholeWidth * scale}px`;
  drawing.style.height = "auto";
  box.scrollLeft = across * box.scrollWidth - box.clientWidth / 2;
  box.scrollTop = down * box.scrollHeight - box.clientHeight / 2;
}

function fit(least) {
  const inner = box.clientWidth - 2 * parseFloat(getComputedStyle(box).paddingLeft);
  zoomTo(Math.max(least, Math.min(1, inner / wholeWidth)));
}

const zooms = {
  in: () => zoomTo(scale * 1.25),
  out: () => zoomTo(scale / 1.25),
  fit: () => fit(SMALLEST),
  whole: () => zoomTo(1),
};
