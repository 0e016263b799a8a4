// The list that a record was opened from: remembered in this tab, so that the record leads to those before and after it.
(() => {
  const memory = (key) => `hearth-list-${key}`;

  function remember() {
    const list = document.querySelector("#list[data-list]");
    if (list) sessionStorage.setItem(memory(list.dataset.list), list.dataset.here);
  }

  function show() {
    const shown = document.querySelector("[data-beside]");
    const asked = shown && sessionStorage.getItem(memory(shown.dataset.beside));
    if (!shown || asked === null) return;
    for (const link of shown.querySelectorAll("a")) link.search = asked;
    shown.hidden = false;
  }

  remember();
  show();
  document.addEventListener("htmx:afterSettle", remember);
})();
