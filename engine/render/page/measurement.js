// The page on a measurement: counts votes, and saves them as a file.

(() => {
  const ballot = document.getElementById("ballot");
  if (!ballot) return;
  const prompts = [...ballot.querySelectorAll(".prompt")];
  const told = document.getElementById("status");
  let saved = true;

  function chosen(prompt) {
    const box = prompt.querySelector("input:checked");
    return box ? box.dataset.choice : null;
  }

  function show() {
    const count = prompts.filter(chosen).length;
    told.textContent = `${count} of ${prompts.length} voted on${count && saved ? ", saved" : ""}`;
    for (const prompt of prompts) {
      const boxes = [...prompt.querySelectorAll("input")];
      const outputs = [...prompt.querySelectorAll(".output")];
      outputs.forEach((output, place) => output.classList.toggle("chosen", boxes[place].checked));
    }
  }

  function votes() {
    const given = prompts.map((prompt) => ({ prompt: prompt.dataset.prompt, choice: chosen(prompt) }));
    const { schema, session } = ballot.dataset;
    return { schema, session, votes: given.filter((vote) => vote.choice) };
  }

  function save() {
    const text = `${JSON.stringify(votes(), null, 2)}\n`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "votes.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    saved = true;
    show();
  }

  ballot.addEventListener("change", () => { saved = false; show(); });
  ballot.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  window.addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });
  document.getElementById("bar").hidden = false;
  document.getElementById("note").hidden = true;
  show(); // a browser that goes back fills the ballot in again
})();
