// Choosing rows: the bar that says how many, and the dialog that changes them.
(() => {
  let isAll = false;
  const boxes = () => [...document.querySelectorAll("#list-table tbody input[name=row]")];
  const chosen = () => boxes().filter((box) => box.checked).map((box) => box.value);

  function show() {
    const bar = document.querySelector("#list-selection");
    if (!bar) return;
    const number = chosen().length;
    bar.hidden = number === 0 && !isAll;
    bar.querySelector("[data-choose-all]").hidden = isAll;
    bar.querySelector("[data-chosen]").textContent = isAll ? bar.querySelector("[data-choose-all]").textContent.replaceAll(/[^\d,]/g, "") : number;
    const head = document.querySelector("#list-table thead input[type=checkbox]");
    if (head) head.checked = number > 0 && number === boxes().length;
  }

  function choose(value) {
    boxes().forEach((box) => { box.checked = value; });
    isAll = false;
    show();
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("#list-table thead input[type=checkbox]")) choose(event.target.checked);
    else if (event.target.matches("#list-table tbody input[name=row]")) {
      isAll = false;
      show();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-choose-none]")) choose(false);
    if (event.target.closest("[data-choose-all]")) {
      choose(true);
      isAll = true;
      show();
    }
    const button = event.target.closest("[data-change]");
    if (!button) return;
    const values = isAll ? { all: "yes" } : { rows: chosen().join(",") };
    htmx.ajax("POST", button.dataset.change, { target: "#list-dialog", swap: "innerHTML", values });
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "list-dialog") isAll = false;
  });
})();
