// The words of a query, marked where they stand; by ranges, so that no markup is ever made.

function rangesOf(word, node) {
  const text = node.data.toLowerCase();
  const ranges = [];
  if (text.length !== node.data.length) return ranges; // the letters would not stand where found
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    const range = new Range();
    range.setStart(node, at);
    range.setEnd(node, at + word.length);
    ranges.push(range);
  }
  return ranges;
}

/** Mark the words in the hits of the outline, in browsers that can. */
function markWords(hits, query) {
  if (!("highlights" in CSS)) return;
  CSS.highlights.delete("hit");
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const ranges = [];
  for (const number of hits ?? []) {
    const { item } = nodes.get(number);
    const own = ":scope > .row, :scope > details > .row, :scope > details > .body > :is(.note, .members)";
    for (const part of item.querySelectorAll(own)) {
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        for (const word of words) ranges.push(...rangesOf(word, walker.currentNode));
      }
    }
  }
  if (ranges.length) CSS.highlights.set("hit", new Highlight(...ranges));
}
