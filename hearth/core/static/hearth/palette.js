// The command palette: one field, the server's lines below it, the keyboard between them.
(() => {
  const palette = document.querySelector("#palette");
  if (!palette) return;
  const field = palette.querySelector("#palette-field");
  const list = palette.querySelector("#palette-options");
  const said = palette.querySelector("#palette-said");
  const MOST_REMEMBERED = 12;
  let isEnterWaiting = false;

  // The records opened last: addresses without names, kept in this browser for each person. The server names them
  // again, those that may still be seen.
  const memory = `hearth-opened-${palette.dataset.person}`;
  const opened = () => JSON.parse(localStorage.getItem(memory) ?? "[]");

  function rememberPage() {
    if (!/\/[0-9a-f]{8}-[0-9a-f-]{27}\/$/.test(location.pathname)) return;
    const rest = opened().filter((path) => path !== location.pathname);
    localStorage.setItem(memory, JSON.stringify([location.pathname, ...rest].slice(0, MOST_REMEMBERED)));
  }
  rememberPage();

  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");
  const isUpToDate = () => list.firstElementChild?.dataset.text === field.value;

  function mark(option) {
    active()?.setAttribute("aria-selected", "false");
    if (!option) return field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = options();
    if (all.length) mark(all[(all.indexOf(active()) + by + all.length) % all.length]);
  }

  function open() {
    if (palette.open) return palette.close();
    field.value = "";
    list.replaceChildren();
    palette.showModal();
    ask();
  }

  const ask = () => field.dispatchEvent(new Event("hearth:ask"));

  function use(option, inNewTab = false) {
    if (option.hasAttribute("href")) {
      if (inNewTab) return window.open(option.href);
      palette.close();
      return location.assign(option.href);
    }
    if (option.dataset.question && !confirm(option.dataset.question)) return;
    palette.close();
    if (option.dataset.post) return send(option.dataset.post);
    const element = document.getElementById(option.dataset.press);
    if (element) useElement(element);
  }

  function send(address) {
    const form = document.createElement("form");
    const token = document.createElement("input");
    form.method = "post";
    form.action = address;
    token.type = "hidden";
    token.name = "csrfmiddlewaretoken";
    token.value = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    form.append(token);
    document.body.append(form);
    form.submit();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette]")) open();
    if (event.target === palette) palette.close();
  });

  // Where nothing had the focus before, the browser leaves it in the field that nobody sees any more. The event
  // comes a moment after the closing: by then the palette may have been called again.
  palette.addEventListener("close", () => { if (!palette.open) field.blur(); });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      // What was typed a moment ago is not yet answered: the first line shown is not what was meant.
      if (!isUpToDate()) isEnterWaiting = true;
      else if (active()) use(active(), event.ctrlKey || event.metaKey);
    }
  });
  field.addEventListener("input", () => { isEnterWaiting = false; });

  list.addEventListener("mousemove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== active()) mark(option);
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());  // the field keeps the focus
  list.addEventListener("click", (event) => {
    if (event.target.closest("[data-retry]")) return ask();
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    use(option, event.ctrlKey || event.metaKey);
  });

  palette.addEventListener("htmx:configRequest", (event) => {
    const chosen = document.querySelector("#list-selection:not([hidden]) [data-chosen]");
    event.detail.parameters.at = location.pathname;
    event.detail.parameters.chosen = chosen ? chosen.textContent.replaceAll(/\D/g, "") : "";
    if (!field.value.trim()) event.detail.parameters.opened = opened();
  });

  palette.addEventListener("htmx:afterSwap", () => {
    mark(options()[0]);
    said.textContent = list.firstElementChild?.dataset.said ?? "";
    if (isEnterWaiting && isUpToDate()) {
      isEnterWaiting = false;
      if (active()) use(active());
    }
  });

  // The palette says by itself that asking failed, and asks again.
  function fail(event) {
    event.stopPropagation();
    isEnterWaiting = false;
    list.replaceChildren(palette.querySelector("template").content.cloneNode(true));
    mark(null);
    said.textContent = list.textContent.trim();
  }
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) palette.addEventListener(name, fail);
})();
