// The page of a record: cards fold, and fields without a value can be put aside. Both are remembered in this browser.
(() => {
  const FOLDED = "hearth-folded";
  const HIDDEN = "hearth-hide-empty";
  const folded = () => new Set(JSON.parse(localStorage.getItem(FOLDED) ?? "[]"));
  const nameOf = (card) => card.querySelector(":scope > .card-header .card-title")?.textContent.trim();

  function show(card, isFolded) {
    card.classList.toggle("hearth-folded", isFolded);
    card.querySelector(":scope > .card-header [data-fold]").setAttribute("aria-expanded", String(!isFolded));
  }

  // A card gets its button once; cards that come later get theirs when they are there.
  function prepare() {
    const template = document.querySelector("#fold-button");
    const known = folded();
    for (const card of document.querySelectorAll("[data-cards] .card")) {
      const name = nameOf(card);
      if (!name || card.querySelector(":scope > .card-header [data-fold]")) continue;
      const button = template.content.firstElementChild.cloneNode(true);
      button.setAttribute("aria-label", `${button.title}: ${name}`);
      card.querySelector(":scope > .card-header").append(button);
      show(card, known.has(name));
    }
  }

  function fold(card) {
    const known = folded();
    const isFolded = !card.classList.contains("hearth-folded");
    if (isFolded) known.add(nameOf(card));
    else known.delete(nameOf(card));
    localStorage.setItem(FOLDED, JSON.stringify([...known]));
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
