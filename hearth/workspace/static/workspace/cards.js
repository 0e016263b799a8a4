// Cards are dragged to their order, also to the other column; Alt with an arrow key moves one as well.
(() => {
  const columns = [...document.querySelectorAll("[data-column]")];
  if (!columns.length || columns[0].closest("fieldset").disabled) return;
  const status = document.querySelector("#cards-moved");

  // What is sent says in which column a card stands.
  function settle(card) {
    const column = card.closest("[data-column]");
    card.querySelector("input[type=hidden]").name = column.dataset.column;
    const cards = [...column.querySelectorAll("[data-arranged]")];
    status.textContent = status.dataset.words
      .replace("{card}", card.dataset.arranged)
      .replace("{place}", cards.indexOf(card) + 1)
      .replace("{number}", cards.length)
      .replace("{column}", document.getElementById(column.getAttribute("aria-labelledby")).textContent);
  }

  const moves = {
    ArrowUp: (card) => card.previousElementSibling?.before(card),
    ArrowDown: (card) => card.nextElementSibling?.after(card),
    ArrowLeft: (card) => across(card, columns[0]),
    ArrowRight: (card) => across(card, columns[1]),
  };

  // To the same height in the other column.
  function across(card, column) {
    const from = card.closest("[data-column]");
    if (from === column) return;
    const place = [...from.children].indexOf(card);
    column.insertBefore(card, column.children[place] ?? null);
  }

  for (const column of columns) {
    Sortable.create(column, { group: "cards", handle: ".hearth-handle", animation: 120, onEnd: (event) => settle(event.item) });
    column.addEventListener("keydown", (event) => {
      const card = event.target.closest("[data-arranged]");
      if (!card || !event.altKey || !moves[event.key]) return;
      event.preventDefault();
      moves[event.key](card);
      event.target.focus();
      settle(card);
    });
  }
})();
