// Widths of columns: the edge of a head is dragged, or moved by the arrow keys. Widths are part of the view.
(() => {
  const STEP = 16, NARROWEST = 48, WIDEST = 1200;
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);

  const table = () => document.querySelector("#list-table");
  const heads = () => [...table().querySelectorAll("thead th")];
  const bound = (pixels) => Math.round(Math.min(WIDEST, Math.max(NARROWEST, pixels)));

  // Rules instead of attributes: the policy of the page forbids styles in its text. On a phone a row is a card.
  function show(fitted = null) {
    const rules = table() ? heads().map((head, at) => rule(head, at + 1, head === fitted)) : [];
    sheet.replaceSync(`@media (min-width: 768px) { ${rules.join(" ")} }`);
  }

  function rule(head, number, isFitted) {
    const cells = `tr > :nth-child(${number})`;
    if (isFitted) return `.list-table ${cells} { width: 1px; max-width: none; white-space: nowrap; }`;
    const width = head.dataset.width;
    if (!width) return "";
    return `.list-table ${cells} { width: ${width}px; min-width: ${width}px; max-width: ${width}px; }
      .list-table tbody ${cells} { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }`;
  }

  function fit(head) {
    delete head.dataset.width;
    show(head);
    head.dataset.width = bound(head.getBoundingClientRect().width);
    show();
  }

  // The list is asked for anew, so that its address and the mark of what is not saved follow; the page stays.
  function keep() {
    const wanted = new URLSearchParams();
    for (const field of document.querySelectorAll("#list-state input")) wanted.set(field.name, field.value);
    const text = document.querySelector("#list-text")?.value;
    if (text) wanted.set("q", text);
    const cursor = new URL(location.href).searchParams.get("cursor");
    if (cursor) wanted.set("cursor", cursor);
    const widths = new Map(wanted.get("widths")?.split(",").map((part) => part.split(":")) ?? []);
    for (const { dataset } of heads()) {
      if (dataset.column) widths.delete(dataset.column);
      if (dataset.width) widths.set(dataset.column, dataset.width);
    }
    wanted.delete("widths");
    if (widths.size) wanted.set("widths", [...widths].map((pair) => pair.join(":")).join(","));
    const query = wanted.size ? wanted : new URLSearchParams({ view: "all" });
    htmx.ajax("GET", `${location.pathname}?${query}`, { target: "#list", swap: "outerHTML" });
  }

  document.addEventListener("pointerdown", (event) => {
    const edge = event.target.closest(".list-resize");
    if (!edge || event.button !== 0) return;
    const head = edge.parentElement;
    const before = head.dataset.width;
    const start = head.getBoundingClientRect().width - event.clientX;
    edge.setPointerCapture(event.pointerId);
    edge.classList.add("list-resizing");
    const drag = ({ clientX }) => {
      head.dataset.width = bound(start + clientX);
      show();
    };
    edge.addEventListener("pointermove", drag);
    const end = () => {
      edge.classList.remove("list-resizing");
      edge.removeEventListener("pointermove", drag);
      if (head.dataset.width !== before) keep();
    };
    edge.addEventListener("lostpointercapture", end, { once: true });
  });

  document.addEventListener("dblclick", (event) => {
    const head = event.target.closest(".list-resize")?.parentElement;
    if (!head) return;
    fit(head);
    keep();
  });

  let waiting = 0;
  document.addEventListener("keydown", (event) => {
    const head = event.target.closest(".list-resize")?.parentElement;
    if (!head || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (step) head.dataset.width = bound(head.getBoundingClientRect().width + step);
    else if (event.key === "Enter") fit(head);
    else if (["Delete", "Backspace"].includes(event.key)) delete head.dataset.width;
    else return;
    event.preventDefault();
    show();
    clearTimeout(waiting);
    waiting = setTimeout(keep, 500);
  });

  // The list may have been swapped, with other columns; HTMX gives the focus back to the edge by its id.
  document.addEventListener("htmx:load", () => show());
  show();
})();
