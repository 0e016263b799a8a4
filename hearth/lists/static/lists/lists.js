// Lists: the dialog of views, the order of columns, the editors of filters. Rows and keys: rows.js; boards: board.js.
(() => {
  document.addEventListener("click", (event) => {
    const asking = event.target.closest("[data-ask]");
    if (asking && !confirm(asking.dataset.ask)) event.preventDefault();
    if (event.target.closest("[data-reset]")) forgetText();
  });

  // Resetting or opening a view also changes the searched text, which stands outside the part that is swapped.
  function forgetText() {
    const field = document.querySelector("#list-text");
    if (field) field.value = "";
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const dialog = document.querySelector("#list-dialog");
    if (event.target === dialog && !dialog.open) dialog.showModal();
  });

  // The editor of days shows the inputs of the chosen comparison alone.
  function showInputs(editor) {
    const operator = editor.querySelector("[data-operator]");
    if (!operator) return;
    for (const part of editor.querySelectorAll("[data-for]")) {
      part.hidden = !part.dataset.for.split(" ").includes(operator.value);
    }
  }

  document.addEventListener("change", (event) => {
    const editor = event.target.closest("[data-editor]");
    if (editor) showInputs(editor);
  });

  document.addEventListener("htmx:load", (event) => {
    const loaded = event.detail.elt;
    for (const editor of loaded.matches("[data-editor]") ? [loaded] : loaded.querySelectorAll("[data-editor]")) {
      showInputs(editor);
      (editor.querySelector("input:not([type=hidden])") ?? editor.querySelector("select")).focus();
    }
    const columns = loaded.querySelector("[data-columns]");
    if (columns) Sortable.create(columns, { handle: ".list-handle", animation: 120 });
  });

  // Alt with an arrow key moves a column up or down.
  document.addEventListener("keydown", (event) => {
    const label = event.target.closest("[data-columns] label");
    if (!label || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const other = event.key === "ArrowUp" ? label.previousElementSibling : label.nextElementSibling;
    if (other) other[event.key === "ArrowUp" ? "before" : "after"](label);
    event.target.focus();
  });
})();
