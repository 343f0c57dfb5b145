// The page on a licence review: rows by verdict and by word, all details unfolded, or on paper.

(() => {
  const rows = [...document.querySelectorAll(".row")].map((row) => ({
    row, verdict: row.dataset.verdict, text: row.textContent.toLowerCase(),
    details: row.querySelector("details"),
  }));
  const query = document.getElementById("query");
  const boxes = [...document.querySelectorAll("#tools input[type=checkbox]")];
  const told = document.getElementById("hits");

  /** Show the rows of the chosen verdicts that hold every word of the query. */
  function filter() {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, verdict, text } of rows) {
      const fits = wanted.has(verdict) && words.every((word) => text.includes(word));
      row.hidden = !fits;
      if (fits) count += 1;
    }
    const all = !words.length && wanted.size === boxes.length;
    told.textContent = all ? "" : `${count} of ${rows.length} findings shown`;
  }

  function fold(open) {
    for (const { row, details } of rows) if (!row.hidden) details.open = open;
  }

  let shutBeforePrint = [];
  window.addEventListener("beforeprint", () => {
    shutBeforePrint = rows.map(({ details }) => details).filter((details) => !details.open);
    for (const details of shutBeforePrint) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of shutBeforePrint) details.open = false;
  });

  query.addEventListener("input", filter);
  query.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    query.value = "";
    filter();
  });
  for (const box of boxes) box.addEventListener("change", filter);
  document.getElementById("tools").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("unfold").addEventListener("click", () => fold(true));
  document.getElementById("fold").addEventListener("click", () => fold(false));
  document.getElementById("tools").hidden = !rows.length;
  filter(); // a browser that goes back fills the fields in again
})();
