// The composer: colleagues to choose from after "@", and room for what sticks below it.
(() => {
  const SIGN = /@([\p{L}\p{N}_.·-]*)$/u;
  const list = () => document.querySelector("#mention-list");
  const options = () => [...(list()?.querySelectorAll("[data-mention]") ?? [])];
  const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");
  let waiting = 0;

  function shut(field) {
    clearTimeout(waiting);
    list()?.replaceChildren();
    if (list()) list().hidden = true;
    list()?.classList.remove("show");
    field?.removeAttribute("aria-activedescendant");
  }

  function mark(field, option) {
    options().forEach((each) => each.setAttribute("aria-selected", String(each === option)));
    options().forEach((each) => each.classList.toggle("active", each === option));
    if (option) field.setAttribute("aria-activedescendant", option.id);
  }

  async function suggest(field, typed) {
    const address = `${field.closest("[data-mentions]").dataset.mentions}?q=${encodeURIComponent(typed)}`;
    await htmx.ajax("GET", address, { target: "#mention-list", swap: "innerHTML" });
    // What was typed meanwhile may ask for others, or for nobody.
    if (SIGN.exec(field.value.slice(0, field.selectionStart))?.[1] !== typed || !options().length) return shut(field);
    list().hidden = false;
    list().classList.add("show");
    field.setAttribute("aria-controls", "mention-list");
    mark(field, options()[0]);
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("[data-mentions] textarea")) return;
    const found = SIGN.exec(field.value.slice(0, field.selectionStart));
    clearTimeout(waiting);
    if (!found) return shut(field);
    waiting = setTimeout(() => suggest(field, found[1]), 120);
  });

  function take(field, option) {
    const end = field.selectionStart;
    const start = end - SIGN.exec(field.value.slice(0, end))[0].length;
    field.setRangeText(`@${option.dataset.mention} `, start, end, "end");
    shut(field);
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches("[data-mentions] textarea") || list()?.hidden !== false || event.isComposing) return;
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown") mark(field, all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") mark(field, all[(at - 1 + all.length) % all.length]);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") take(field, chosen());
    else if (event.key === "Escape") shut(field);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[data-mention]");
    if (!option) return;
    event.preventDefault(); // the text keeps the focus
    take(option.closest("[data-mentions]").querySelector("textarea"), option);
  });
  document.addEventListener("focusout", (event) => event.target.matches("[data-mentions] textarea") && shut(event.target));

  // A template is written where the text is being written, and nothing written is lost.
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-text]");
    if (!chosen) return;
    const field = chosen.closest("form").querySelector("textarea");
    const end = field.selectionEnd;
    field.setRangeText(chosen.dataset.text, end, end, "end");
    field.focus();
  });

  // The heads of months stick below the composer, however high it is.
  const sizes = new ResizeObserver(([entry]) =>
    document.documentElement.style.setProperty("--composer", `${entry.target.offsetHeight}px`));
  const watch = () => {
    const composer = document.querySelector("#composer");
    sizes.disconnect();
    if (composer) sizes.observe(composer);
  };
  document.addEventListener("htmx:load", watch);
  watch();
})();
