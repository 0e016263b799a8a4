// Values edited where they stand; one editor is open at a time. Enter saves, Tab saves and goes on, Esc gives up.
(() => {
  let open = null; // { slot, kept: what stood there, step: where to go after the save, isSaving }
  const box = () => document.querySelector("#edit-box");
  const dialog = () => document.querySelector("#edit-dialog");
  const holder = (slot) => slot.querySelector("[data-value]") ?? slot;
  const addressOf = (slot) =>
    `${slot.closest("[data-fields]").dataset.fields}${slot.closest("[data-row]").dataset.row}/fields/${slot.dataset.inline}/`;

  // In a table one pencil, or one lock, follows the pointer: a button for each of hundreds of cells would be slow.
  const marks = document.querySelector("#edit-marks")?.content;
  const [pencil, lock] = marks ? [...marks.children].map((mark) => mark.cloneNode(true)) : [];

  document.addEventListener("pointerover", (event) => {
    const cell = event.target.closest("td[data-inline], td[data-lock]");
    if (!marks || event.pointerType === "touch" || !cell || open?.slot === cell) return;
    const mark = cell.dataset.inline ? pencil : lock;
    if (mark.parentElement === cell) return;
    pencil.remove();
    lock.remove();
    mark.title = cell.dataset.lock ?? cell.dataset.label;
    mark.setAttribute("aria-label", mark.title);
    cell.append(mark);
  });

  async function begin(slot) {
    if (open?.slot === slot || open?.isSaving) return;
    if (open && isChanged()) return save(slot);
    if (open) close();
    pencil?.remove();
    open = { slot, kept: [...slot.childNodes], step: null, isSaving: false };
    const place = document.createElement("div");
    place.id = "edit-box";
    place.className = "edit-box";
    slot.replaceChildren(place);
    slot.classList.add("edit-open");
    // Without a wait between the swap and the listeners of htmx: a quick Enter would leave the page.
    await htmx.ajax("GET", addressOf(slot), { target: "#edit-box", swap: "innerHTML settle:0ms" });
  }

  // Put back what stood there, and the focus where it was.
  function close() {
    const { slot, kept } = open;
    open = null;
    slot.replaceChildren(...kept);
    slot.classList.remove("edit-open");
    return slot;
  }

  function focusOn(slot) {
    (slot.querySelector("[data-pencil]") ?? slot.closest("[data-row]")).focus();
  }

  const text = (values) => values.join("\n").replaceAll("\r\n", "\n");
  function isChanged() {
    const form = box()?.querySelector("form");
    if (!form) return false;
    const sent = new FormData(form);
    return text(sent.getAll("value")) !== text(sent.getAll("initial-value"));
  }

  // `step` is the slot to go to afterwards, null to stay.
  function save(step) {
    if (open.isSaving) return;
    if (!isChanged()) return leave(step);
    open.step = step;
    box().querySelector("form").requestSubmit();
  }

  function leave(step) {
    const slot = close();
    if (step) begin(step);
    else focusOn(slot);
  }

  function neighbour(by) {
    const all = [...open.slot.closest("[data-row]").querySelectorAll("[data-inline]")];
    return all[all.indexOf(open.slot) + by] ?? null;
  }

  function finish(shown) {
    const step = open.step;
    const slot = close();
    holder(slot).replaceChildren(...shown.childNodes);
    flash(slot);
    if (step) begin(step);
    else focusOn(slot);
  }

  function flash(slot) {
    slot.classList.add("edit-saved");
    setTimeout(() => slot.classList.remove("edit-saved"), 600);
  }

  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (open && !open.slot.isConnected) open = null; // another page of the list came
    if (detail.target.id === "edit-dialog") dialog().showModal();
    if (detail.target.id !== "edit-box" || !open) return;
    dialog()?.close();
    const shown = box().querySelector("[data-shown]");
    if (shown) return finish(shown);
    const input = box().querySelector("input:not([type=hidden]), textarea, select, [data-edit-cancel]");
    input.focus();
    if (input.matches("input:not([type=date])")) input.select();
  });

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (open && detail.requestConfig.verb === "post" && detail.target.id === "edit-box") open.isSaving = true;
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!open || detail.target?.id !== "edit-box") return;
    open.isSaving = false;
    if (detail.successful || detail.xhr.status === 422) return;
    // What was typed stays, with the reason beside it; an editor that did not even come is given up.
    const message = box().querySelector(".edit-message");
    if (!message) return focusOn(close());
    const reason = document.createElement("div");
    reason.className = "invalid-feedback d-block";
    reason.textContent = detail.xhr.status === 403 ? document.body.dataset.forbidden : document.body.dataset.failed;
    message.replaceChildren(reason);
  });

  // Other places that show the same value follow.
  document.addEventListener("hearth:field-saved", ({ detail }) => {
    const { list, row, field } = detail;
    const address = `/lists/${list}/${row}/fields/${field}/`;
    for (const slot of document.querySelectorAll(`[data-inline="${field}"]`)) {
      if (slot !== open?.slot && addressOf(slot) === address) follow(holder(slot), address, () => flash(slot));
    }
    for (const place of document.querySelectorAll(`[data-follows="${address}"]`)) follow(place, address, () => {});
  });

  async function follow(place, address, done) {
    await htmx.ajax("GET", `${address}shown/`, { target: place, swap: "innerHTML" });
    done();
  }

  document.addEventListener("hearth:edit", (event) => {
    const { shortcut } = event.detail;
    const slot = event.target.querySelector(shortcut ? `[data-inline][data-shortcut="${shortcut}"]` : "[data-inline]");
    if (!slot) return;
    event.preventDefault();
    begin(slot);
  });

  const isTouch = () => matchMedia("(hover: none)").matches;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-edit-cancel]") && open) return focusOn(close());
    if (event.target.closest("[data-edit-back]")) {
      dialog().close();
      return box()?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    }
    const byPencil = event.target.closest("[data-pencil]");
    const byTouch = isTouch() && !event.target.closest("a, button, #edit-box") && event.target.closest("[data-inline]");
    if (!byPencil && !byTouch) return;
    event.preventDefault();
    event.stopPropagation();
    begin((byPencil || event.target).closest("[data-inline]"));
  }, true);

  document.addEventListener("keydown", (event) => {
    if (open && event.target.closest("#edit-box")) return inEditor(event);
    if (event.key !== "e" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const slot = event.target.closest("dd[data-inline]");
    if (!slot) return;
    event.preventDefault();
    event.stopPropagation();
    begin(slot);
  }, true);

  function inEditor(event) {
    const isText = event.target.matches("textarea");
    if (event.key === "Escape") focusOn(close());
    else if (event.key === "Tab" && !event.target.matches("button")) save(neighbour(event.shiftKey ? -1 : 1));
    else if (event.key === "Enter" && !event.target.matches("button") && (!isText || event.ctrlKey || event.metaKey)) save(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
})();
