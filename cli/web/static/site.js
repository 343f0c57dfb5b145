// What makes pages live: sliders that answer as they move, lists to filter, a link to copy.
"use strict";

// A slider stands for the text field that it is for; without script the field alone is there.
for (const range of document.querySelectorAll("input[type=range][data-for]")) {
  const field = document.getElementById(range.dataset.for);
  const least = Number(range.dataset.least);
  const most = Number(range.dataset.most);
  const logarithmic = "logarithmic" in range.dataset;
  range.min = 0;
  range.max = logarithmic ? 100 : most - least;
  range.step = 1;
  const value = (at) => logarithmic
    ? Number((least * (most / least) ** (at / 100)).toPrecision(2))
    : least + at;
  const place = (figure) => logarithmic
    ? 100 * Math.log(Math.max(figure, least) / least) / Math.log(most / least)
    : figure - least;
  const show = () => {
    const figure = Number(field.value.replaceAll(",", ""));
    if (field.value && Number.isFinite(figure)) range.value = place(figure);
    range.setAttribute("aria-valuetext", field.value || "as it is");
  };
  range.value = 0;
  show();
  range.hidden = false;
  range.addEventListener("input", () => {
    field.value = value(Number(range.value));
    show();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.addEventListener("input", show);
}

// A live form fetches its own answer and puts it in place; the address follows, to be shared.
for (const form of document.querySelectorAll("form[data-live]")) {
  let waiting = 0;
  let asked = 0;
  const answer = async () => {
    if (!form.reportValidity()) return;
    const data = new FormData(form);
    for (const [name, text] of [...data]) if (!text) data.delete(name);
    const address = `${form.getAttribute("action")}?${new URLSearchParams(data)}`;
    const mine = ++asked;
    const response = await fetch(address);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine !== asked) return;
    const place = document.getElementById(form.dataset.live);
    const found = page.getElementById(form.dataset.live);
    if (found) {
      place.replaceChildren(...found.childNodes);
      history.replaceState(null, "", address);
    } else {
      const line = document.createElement("p");
      line.className = "fault";
      line.textContent = page.querySelector(".lead")?.textContent ?? "No answer came.";
      place.replaceChildren(line);
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(answer, 200);
  });
}

// The address holds the whole state of a page, so that a copy of it is worth having.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  const said = button.parentElement.querySelector("[role=status]");
  button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "The browser does not let it be copied.";
    }
  });
}

// A filter hides what does not hold all of its words.
for (const filter of document.querySelectorAll("input[data-filter]")) {
  const list = document.getElementById(filter.dataset.filter);
  const entries = [...list.querySelectorAll("[data-text]")];
  const count = filter.parentElement.querySelector("[aria-live]");
  filter.parentElement.hidden = false;
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const entry of entries) {
      const text = `${entry.dataset.text} ${entry.textContent}`.toLowerCase();
      entry.hidden = !words.every((word) => text.includes(word));
      shown += !entry.hidden;
    }
    for (const group of list.querySelectorAll(".group")) {
      group.hidden = !group.querySelector("[data-text]:not([hidden])");
    }
    count.textContent = words.length ? `${shown} of ${entries.length}` : "";
  });
}
