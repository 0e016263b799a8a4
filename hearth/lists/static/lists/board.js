// Boards: a card is dragged, or moved by m and the number of the column; what the server refuses goes back.
(() => {
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];

  function count(cards, by) {
    const number = cards.closest(".list-board-column").querySelector("[data-number]");
    const about = number.textContent.startsWith("≈") ? "≈ " : "";
    number.textContent = about + (Number(number.textContent.replaceAll(/\D/g, "")) + by).toLocaleString("en");
  }

  async function move(card, from, to, before) {
    const board = to.closest("[data-move]");
    count(from, -1);
    count(to, 1);
    const body = new URLSearchParams({ by: board.dataset.by, to: to.dataset.code });
    let answer;
    try {
      answer = await fetch(`${board.dataset.move}${card.dataset.row}/`, {
        method: "POST",
        headers: { "X-CSRFToken": token() },
        body,
      });
    } catch {
      answer = null;
    }
    if (answer?.ok) return;
    from.insertBefore(card, before);
    count(from, 1);
    count(to, -1);
    card.focus();
    const isReason = answer && answer.headers.get("Content-Type")?.startsWith("text/plain");
    showMessage(isReason ? await answer.text() : document.body.dataset.failed);
  }

  document.addEventListener("htmx:load", (event) => {
    for (const cards of event.detail.elt.querySelectorAll("[data-move] .list-cards")) {
      Sortable.create(cards, {
        group: "board",
        animation: 120,
        sort: false,
        onEnd: ({ item, from, to, oldIndex }) => {
          if (from !== to) move(item, from, to, from.children[oldIndex] ?? null);
        },
      });
    }
  });

  // How many cards a column shall hold is one of the parameters of the list.
  document.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-limit]")) return;
    const hidden = target.closest("form").querySelectorAll("[name=limits]");
    hidden[hidden.length - 1].value = target.value ? `${target.dataset.limit}:${target.value}` : "";
  });

  let afterM = 0;
  document.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-move] .list-card");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "m") {
      afterM = Date.now();
    } else if (Date.now() - afterM < 2000 && /^[1-9]$/.test(event.key)) {
      const to = document.querySelectorAll("[data-move] .list-cards")[Number(event.key) - 1];
      const from = card.parentElement;
      if (!to || to === from) return;
      const before = card.nextElementSibling;
      to.prepend(card);
      card.focus();
      move(card, from, to, before);
    }
  });
})();
