// The page of a record: cards fold, and fields without a value can be put aside. Both are remembered in this browser; which
// cards are folded before anybody chose is said by the team.
(() => {
  const FOLDED = "hearth-folds";
  const HIDDEN = "hearth-hide-empty";
  const chosen = () => JSON.parse(localStorage.getItem(FOLDED) ?? "{}");
  const titleOf = (card) => card.querySelector(":scope > .card-header .card-title")?.textContent.trim();
  // The code of a card, and of its part where several come together; the same in every language.
  const codeOf = (card) => [card.closest("[data-card]")?.dataset.card, card.dataset.part].filter(Boolean).join(".");
  const startsFolded = (card) => Boolean(card.closest("[data-starts-folded]"));

  function show(card, isFolded) {
    card.classList.toggle("hearth-folded", isFolded);
    card.querySelector(":scope > .card-header [data-fold]").setAttribute("aria-expanded", String(!isFolded));
  }

  // A card gets its button once; cards that come later get theirs when they are there.
  function prepare() {
    const template = document.querySelector("#fold-button");
    const folds = chosen();
    for (const card of document.querySelectorAll("[data-cards] .card")) {
      const title = titleOf(card);
      if (!title || card.querySelector(":scope > .card-header [data-fold]")) continue;
      const button = template.content.firstElementChild.cloneNode(true);
      button.setAttribute("aria-label", `${button.title}: ${title}`);
      card.querySelector(":scope > .card-header").append(button);
      show(card, folds[codeOf(card)] ?? startsFolded(card));
    }
  }

  function fold(card) {
    const isFolded = !card.classList.contains("hearth-folded");
    localStorage.setItem(FOLDED, JSON.stringify({ ...chosen(), [codeOf(card)]: isFolded }));
    show(card, isFolded);
  }

  const isEmpty = (value) => ["", "—"].includes((value.querySelector("[data-value]") ?? value).textContent.trim());

  // What is searched for is shown, with or without a value.
  function filterFields() {
    const search = document.querySelector("[data-field-search]");
    const button = document.querySelector("[data-hide-empty]");
    if (!search || !button) return;
    const isHiding = localStorage.getItem(HIDDEN) === "1";
    const wanted = search.value.trim().toLowerCase();
    button.setAttribute("aria-pressed", String(isHiding));
    button.classList.toggle("active", isHiding);
    for (const label of search.closest(".card").querySelectorAll("dt")) {
      const value = label.nextElementSibling;
      const text = `${label.textContent} ${value.textContent}`.toLowerCase();
      const isShown = wanted ? text.includes(wanted) : !(isHiding && isEmpty(value)) || value.contains(document.activeElement);
      label.hidden = value.hidden = !isShown;
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fold]");
    if (button) fold(button.closest(".card"));
    if (!event.target.closest("[data-hide-empty]")) return;
    localStorage.setItem(HIDDEN, localStorage.getItem(HIDDEN) === "1" ? "" : "1");
    filterFields();
  });
  document.addEventListener("input", (event) => {
    if (event.target.closest("[data-field-search]")) filterFields();
  });
  document.addEventListener("htmx:afterSettle", () => {
    prepare();
    filterFields();
  });
  prepare();
  filterFields();
})();
