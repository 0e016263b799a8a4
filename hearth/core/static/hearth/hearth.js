// The shell: theme, search, messages. The keyboard is in keys.js; everything else is HTML from the server.
const root = document.documentElement;

function remember(key, name, value) {
  localStorage.setItem(key, value);
  root.dataset[name] = value;
}

function switchTheme() {
  remember("hearth-theme", "bsTheme", root.dataset.bsTheme === "dark" ? "light" : "dark");
  document.dispatchEvent(new CustomEvent("hearth:theme"));
}

function switchDensity() {
  remember("hearth-density", "density", root.dataset.density === "compact" ? "comfortable" : "compact");
}

function switchRail() {
  remember("hearth-rail", "rail", root.dataset.rail === "narrow" ? "wide" : "narrow");
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-switch]")) switchTheme();
  if (event.target.closest("[data-density-switch]")) switchDensity();
  event.target.closest("[data-close]")?.closest("dialog").close();
  const row = event.target.closest("tr[data-href]");
  if (row && !event.target.closest("a, button, input, label, select")) location.assign(row.dataset.href);
  if (!event.target.closest(".hearth-search")) closeHits();
});

function closeHits() {
  document.querySelector("#search-hits")?.replaceChildren();
}

// What was typed before a field could ask the server is asked for as soon as it can.
document.addEventListener("htmx:load", (event) => {
  for (const field of event.target.querySelectorAll("input[type=search]")) {
    if (field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

// Arrow keys walk the hits under the search field.
document.addEventListener("keydown", (event) => {
  if (!event.target.closest(".hearth-search") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const stops = [...document.querySelectorAll("[data-search], #search-hits a")];
  const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  stops[Math.max(0, Math.min(next, stops.length - 1))]?.focus();
});

function showMessage(text) {
  const toast = document.createElement("div");
  toast.className = "toast show border-0 border-start border-4 border-danger";
  toast.setAttribute("role", "alert");
  const body = document.createElement("div");
  body.className = "toast-body";
  body.textContent = text;
  toast.append(body);
  document.querySelector("#toasts").append(toast);
}

// A message leaves after eight seconds or those it names, unless the reader points at it or has the focus in it.
function letGo(toast) {
  const seconds = Number(toast.dataset.stay ?? 8);
  setTimeout(() => (toast.matches(":hover, :focus-within") ? letGo(toast) : toast.remove()), seconds * 1000);
}

const toasts = document.querySelector("#toasts");
toasts.querySelectorAll(".toast").forEach(letGo);
new MutationObserver((changes) => {
  changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.matches?.(".toast")).forEach(letGo);
}).observe(toasts, { childList: true });

document.addEventListener("htmx:responseError", (event) => {
  const forbidden = event.detail.xhr.status === 403;
  showMessage(forbidden ? document.body.dataset.forbidden : document.body.dataset.failed);
});
// A sign-in that ended: who asks for something goes to the form and back. What a page asks by itself leaves the page
// where it is, and so does whoever has written something that leaving would lose.
const ASKED_BY_PEOPLE = ["click", "submit", "input", "change", "search", "hearth:ask"];
const isWriting = () =>
  [...document.querySelectorAll("form[method=post] textarea, form[method=post] input:not([type=hidden])")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );
let isEndTold = false;
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status !== 401) return;
  if (ASKED_BY_PEOPLE.includes(requestConfig.triggeringEvent?.type) && !isWriting()) return;
  event.preventDefault();
  if (!isEndTold) showMessage(document.body.dataset.ended);
  isEndTold = true;
});
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) isEndTold = false; });
document.addEventListener("htmx:sendError", () => showMessage(document.body.dataset.failed));

// Ctrl-Enter sends what is being written.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("[data-send]")) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

// The list of background jobs stays open while somebody reads it: it is asked anew when it is shut.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "activity" && event.target.querySelector(".show")) event.preventDefault();
});
