// Favourites are dragged to their order; Alt with an arrow key moves one as well.
(() => {
  const list = document.querySelector("[data-favourites]");
  if (!list) return;
  Sortable.create(list, { handle: ".list-handle", animation: 120 });
  list.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-favourite]");
    if (!row || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const other = event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
    if (other) other[event.key === "ArrowUp" ? "before" : "after"](row);
    event.target.focus();
  });
})();
