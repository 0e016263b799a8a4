// Opening day: one press chooses a home for the number in hand; every few seconds what others took is shown.
(() => {
  const EVERY = 6000;
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const board = document.querySelector("[data-changes]");
  if (!board) return;
  const words = JSON.parse(document.getElementById("stands").textContent);
  const message = document.getElementById("choice-message");
  let since = board.dataset.at;
  let calledTo = Number(board.dataset.calledTo);

  function stand(unit, code) {
    const home = document.getElementById(`home-${unit}`);
    if (!home) return;
    const [label, colour] = words[code];
    home.className = `state-${colour}`;
    home.disabled = code !== "free";
    home.querySelector("[data-stand]").textContent = label;
  }

  function tell(text, isRefusal, nearest) {
    message.className = `alert ${isRefusal ? "alert-danger" : "alert-success"}`;
    message.textContent = text;
    message.hidden = false;
    const home = nearest && document.getElementById(`home-${nearest}`);
    if (home) {
      home.closest("details").open = true;
      home.scrollIntoView({ block: "center" });
      home.focus();
    }
  }

  async function look() {
    try {
      const answer = await fetch(`${board.dataset.changes}?since=${encodeURIComponent(since)}`);
      if (!answer.ok) return;
      const told = await answer.json();
      since = told.at;
      for (const [unit, code] of Object.entries(told.homes)) stand(unit, code);
      if (told.called_to !== calledTo) {
        calledTo = told.called_to;
        document.getElementById("called-to").textContent = calledTo;
        htmx.trigger("#called-entries", "called");
      }
      if (told.state !== "running") location.reload();
    } catch {
      // The next look tells what this one could not.
    }
  }

  async function choose(home) {
    const entry = document.querySelector("input[name=entry]:checked");
    if (!entry) return tell(board.dataset.noEntry, true);
    const body = new URLSearchParams({ entry: entry.value, unit: home.dataset.unit });
    const headers = { "X-CSRFToken": token() };
    home.disabled = true;
    try {
      const answer = await fetch(board.dataset.choose, { method: "POST", headers, body });
      const told = await answer.json();
      if (told.is_done) {
        stand(home.dataset.unit, "reserved");
        tell(`${entry.dataset.label} → ${home.dataset.address}`, false);
        htmx.trigger("#called-entries", "called");
      } else {
        home.disabled = false;
        await look();
        tell(told.message, true, told.nearest);
      }
    } catch {
      home.disabled = false;
      tell(document.body.dataset.failed, true);
    }
  }

  board.addEventListener("click", (event) => {
    const home = event.target.closest("button[data-unit]");
    if (home) choose(home);
  });
  setInterval(look, EVERY + Math.random() * 2000);
})();
