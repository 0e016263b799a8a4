// The keyboard: / search, g and a letter to a place, [ rail, n new, ? the sheet, and the keys that a page marks by
// data-key. Ignored while typing, in a menu or a dialog. Lists add theirs in rows.js, the palette is in palette.js.
const isTyping = (target) =>
  document.querySelector("dialog[open]:modal") !== null ||
  (target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], .dropdown-menu, .modal.show") !== null &&
    !target.closest("dialog:not([open])"));

// A field gets the focus, anything else is pressed; what is folded away is opened first.
function useElement(element) {
  element.closest("details")?.setAttribute("open", "");
  if (!element.matches("input, select, textarea")) return element.click();
  element.scrollIntoView({ block: "center" });
  element.focus();
}

(() => {
  let afterG = 0;

  // What is out of sight does not answer, nor does a part of the page that waits for the server.
  const isAtHand = (element) =>
    (element.getClientRects().length > 0 || element.closest("details:not([open])") !== null) &&
    !element.closest("[data-keys]")?.querySelector(".htmx-request");
  const marked = (key) => [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(isAtHand);

  function openSheet() {
    const sheet = document.querySelector("#keys");
    if (!sheet) return;
    htmx.ajax("GET", `${sheet.dataset.url}?at=${encodeURIComponent(location.pathname)}`, { target: "#keys", swap: "innerHTML" });
    sheet.showModal();
  }

  function openNew() {
    const button = document.querySelector("[data-new]");
    button?.click();
    button?.parentElement.querySelector(".dropdown-item")?.focus();
  }

  const acts = {
    "/": () => document.querySelector("[data-search]")?.focus(),
    "[": () => switchRail(),
    n: openNew,
    "?": openSheet,
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeHits();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (Date.now() - afterG < 1000) {
      afterG = 0;
      document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
      return;
    }
    if (event.key === "g") {
      afterG = Date.now();
      return;
    }
    const own = event.repeat ? null : marked(event.key);
    const act = own ? () => useElement(own) : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-sheet]")) openSheet();
  });
})();
