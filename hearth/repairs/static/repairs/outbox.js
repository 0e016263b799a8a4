// What an engineer enters is kept in the browser first and sent from there: at once, or when there is network again.
// A report carries a key made here, so that the server keeps it once, however often it comes. What the server refuses
// stays with the reason until somebody has it sent again or discards it; what met a trouble is tried again by itself.
(() => {
  const box = document.querySelector("#outbox");
  if (!box || !window.indexedDB) return;
  const STORE = "entries", LONGEST_SIDE = 2000, AGAIN_AFTER = 30000;
  const list = box.querySelector("ul");
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  let isSending = false, isSignedOut = false;

  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("hearth-repairs", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });

  async function inStore(mode, act) {
    const store = (await opened).transaction(STORE, mode).objectStore(STORE);
    return new Promise((resolve, reject) => {
      const asked = act(store);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  // Phones without HTTPS have no randomUUID.
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // Entries of whoever has signed in here, the oldest first.
  async function entries() {
    const all = await inStore("readonly", (store) => store.getAll());
    return all.filter((entry) => entry.user === box.dataset.user).sort((one, other) => one.at - other.at);
  }

  async function smaller(file) {
    try {
      const picture = await createImageBitmap(file);
      const share = LONGEST_SIDE / Math.max(picture.width, picture.height);
      if (share >= 1) return file;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * share);
      canvas.height = Math.round(picture.height * share);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    } catch {
      return file;
    }
  }

  async function fieldsOf(form) {
    const now = new Date().toISOString();
    const fields = [["key", newKey()], ["came_at", now]];
    for (const [name, value] of new FormData(form)) {
      if (name === "csrfmiddlewaretoken" || (value instanceof File && !value.size)) continue;
      if (!(value instanceof File)) { fields.push([name, value]); continue; }
      const kept = await smaller(value);
      fields.push([name, kept, kept === value ? value.name : value.name.replace(/\.\w+$/, "") + ".jpg"]);
    }
    const used = [...form.querySelectorAll("[data-part]")].filter((field) => Number(field.value) > 0);
    if (used.length) fields.push(["parts", JSON.stringify(Object.fromEntries(used.map((field) => [field.dataset.part, field.value])))]);
    for (const canvas of form.querySelectorAll("fieldset:enabled canvas[data-is-drawn]")) {
      const drawn = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
      fields.push([`drawing_${canvas.dataset.signer}`, drawn, `${canvas.dataset.signer}.png`]);
    }
    return fields;
  }

  async function show() {
    const kept = await entries();
    box.hidden = !kept.length;
    list.replaceChildren(...kept.map((entry) => {
      const line = document.createElement("li");
      const reason = entry.refusal || entry.trouble;
      line.textContent = `${entry.label}: ${reason || box.dataset.waits} `;
      if (!reason) return line;
      line.className = "text-danger";
      const button = document.createElement("button");
      button.className = "btn btn-sm";
      button.type = "button";
      button.textContent = box.dataset.discard;
      button.addEventListener("click", async () => { await inStore("readwrite", (store) => store.delete(entry.id)); formOf(entry)?.removeAttribute("hidden"); show(); });
      line.append(button);
      return line;
    }));
  }

  const formOf = (entry) => document.querySelector(`form[action="${CSS.escape(entry.url)}"]`);

  function tell(entry, words) {
    const form = formOf(entry);
    const place = form?.closest(".card-body").querySelector("[data-told]");
    if (place) place.textContent = `${entry.label}: ${words}`;
    if (form) form.hidden = true;
  }

  // Returns whether it makes sense to go on with the next entry.
  async function send(entry) {
    const body = new FormData();
    for (const [name, ...value] of entry.fields) body.append(name, ...value);
    const answer = await fetch(entry.url, { method: "POST", headers: { "X-CSRFToken": token() }, body });
    if (answer.ok && !answer.redirected) {
      await inStore("readwrite", (store) => store.delete(entry.id));
      tell(entry, box.dataset.sent);
      return true;
    }
    isSignedOut = answer.redirected || answer.status === 401 || answer.status === 403;
    if (isSignedOut) return keep(entry, { trouble: box.dataset.signIn }, false);
    if (answer.status >= 500 || answer.status === 429) return keep(entry, { trouble: box.dataset.failed }, false);
    const said = answer.status === 422 ? await answer.json().catch(() => ({})) : {};
    return keep(entry, { refusal: said.refusal || box.dataset.refused }, true);
  }

  async function keep(entry, words, goesOn) {
    await inStore("readwrite", (store) => store.put({ ...entry, refusal: "", trouble: "", ...words }));
    return goesOn;
  }

  // Whoever asks for it sends what was refused as well, and after signing in again.
  async function sendAll(isAsked) {
    if (isSending || !navigator.onLine || (isSignedOut && !isAsked)) return;
    isSending = true;
    try {
      const wanted = (await entries()).filter((entry) => isAsked || !entry.refusal);
      for (const entry of wanted) if (!(await send(entry))) break;
    } catch {
      // No network after all: it is tried again.
    } finally {
      isSending = false;
      show();
    }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-outbox]");
    if (!form) return;
    event.preventDefault();
    const fields = await fieldsOf(form);
    const entry = { id: newKey(), user: box.dataset.user, url: form.getAttribute("action"), label: form.dataset.outbox, fields, at: Date.now() };
    await inStore("readwrite", (store) => store.put(entry));
    tell(entry, box.dataset.waits);
    await show();
    sendAll(false);
  });
  box.querySelector("[data-send-now]").addEventListener("click", () => sendAll(true));
  window.addEventListener("online", () => sendAll(false));
  setInterval(() => sendAll(false), AGAIN_AFTER);
  show().then(() => sendAll(false));
})();
