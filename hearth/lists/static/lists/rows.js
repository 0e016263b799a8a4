// The rows of a list: one is in hand; keys walk them, open them, and show one beside the list.
(() => {
  const peek = () => document.querySelector("#list-peek");
  const rows = () => [...document.querySelectorAll("#list [data-row]")];
  const linkOf = (row) => (row.matches("a") ? row : row.querySelector("a"));
  const isControl = (target) => target.closest("a:not([data-row]), button, input, label, select, summary, dialog, form") !== null;
  let inHand = "";

  const current = () => rows().find((row) => row.dataset.row === inHand);

  function take(row, { focus = true } = {}) {
    inHand = row.dataset.row;
    if (focus) row.focus({ preventScroll: false });
  }

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.dataset.row === inHand);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(at + by, all.length - 1))];
    take(next);
    next.scrollIntoView({ block: "nearest" });
    if (!peek().hidden) look(next, "replace");
  }

  // The address names the row beside the list, so that the back button closes it and a link opens it.
  function address(id) {
    const url = new URL(location.href);
    if (id) url.searchParams.set("peek", id);
    else url.searchParams.delete("peek");
    return url;
  }

  function look(row, how) {
    take(row, { focus: how !== "none" });
    mark(row.dataset.row);
    if (how === "push") history.pushState({ peek: inHand }, "", address(inHand));
    if (how === "replace") history.replaceState({ peek: inHand }, "", address(inHand));
    load(row.dataset.row);
  }

  function load(id) {
    peek().hidden = false;
    htmx.ajax("GET", `${peek().dataset.url}${id}/`, { target: "#list-peek", swap: "innerHTML" });
  }

  function mark(id) {
    for (const row of rows()) row.classList.toggle("list-open", row.dataset.row === id);
  }

  function shut() {
    if (peek().hidden) return;
    hide();
    history.replaceState(null, "", address(""));
    current()?.focus();
  }

  function hide() {
    peek().hidden = true;
    peek().replaceChildren();
    mark("");
  }

  window.addEventListener("popstate", () => {
    if (!peek()) return;
    const id = new URL(location.href).searchParams.get("peek");
    if (!id) return hide();
    inHand = id;
    mark(id);
    load(id);
  });

  document.addEventListener("click", (event) => {
    if (!peek()) return;
    if (event.target.closest("[data-peek-close]")) return shut();
    const row = event.target.closest("#list [data-row]");
    if (!row || isControl(event.target) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (innerWidth < 768) linkOf(row).click();
    else look(row, peek().hidden ? "push" : "replace");
  });

  const isTyping = (target) =>
    target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open], .dropdown-menu, .modal.show") !== null;
  let afterG = 0;

  const acts = {
    j: () => step(1),
    ArrowDown: () => step(1),
    k: () => step(-1),
    ArrowUp: () => step(-1),
    " ": () => current() && (peek().hidden ? look(current(), "push") : shut()),
    o: () => current() && linkOf(current()).click(),
    Enter: () => current() && linkOf(current()).click(),
    e: () => editInPlace("") || edit(),
    a: () => hasChosen() || editInPlace("a"),
    p: () => editInPlace("p"),
    s: () => editInPlace("s"),
    x: () => current()?.querySelector("input[type=checkbox]")?.click(),
    f: () => document.querySelector("#list-text")?.focus(),
    Escape: () => shut(),
  };

  // A value of the row in hand is edited where it stands, if editing.js finds one; true when it did.
  function editInPlace(shortcut) {
    const place = peek().hidden ? current() : document.querySelector("#list-peek [data-row]");
    const asked = new CustomEvent("hearth:edit", { bubbles: true, cancelable: true, detail: { shortcut } });
    return place !== undefined && place !== null && !place.dispatchEvent(asked);
  }

  // With chosen rows the key is that of the button which changes all of them.
  const hasChosen = () => document.querySelector("#list-selection:not([hidden])") !== null;

  // The page to edit a row is named beside it.
  function edit() {
    const row = current();
    if (!row) return;
    const known = document.querySelector("#list-peek [data-edit]");
    if (!peek().hidden && known) return known.click();
    document.addEventListener("htmx:afterSettle", () => (peek().querySelector("[data-edit]") ?? peek().querySelector("[data-open]"))?.click(), { once: true });
    look(row, "none");
  }

  document.addEventListener("keydown", (event) => {
    if (!peek() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "g") afterG = Date.now();
    // A letter after g leads to a place, and Enter on a link or a button is its own.
    if (Date.now() - afterG < 1000) return;
    if (["Enter", " "].includes(event.key) && isControl(event.target)) return;
    const act = acts[event.key];
    if (!act || (event.target.closest("#list-peek") && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    act();
  });

  // A row that has the focus by other means, such as the Tab key, is in hand as well.
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("#list [data-row]");
    if (row) inHand = row.dataset.row;
  });

  // Another page or filter may have taken the row out of sight.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "list-peek") peek().hidden = false;
  });
})();
