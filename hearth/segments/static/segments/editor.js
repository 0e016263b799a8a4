// The editor of a rule: draws the JSON of the hidden field as groups and conditions, and writes it back.
(() => {
  const form = document.querySelector("[data-segment-editor]");
  if (!form) return;
  const catalogue = JSON.parse(document.getElementById("segment-catalogue").textContent);
  const words = catalogue.words;
  const store = form.querySelector("[name=rule]");
  const root = form.querySelector("[data-rule-root]");
  const WITHOUT_VALUE = ["is_empty", "is_not_empty", "is_true", "is_false"];
  const MAX_DEPTH = 4;

  const make = (tag, className = "", attributes = {}) => {
    const element = document.createElement(tag);
    element.className = className;
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  };
  const button = (text, act, className = "btn btn-sm") => {
    const element = make("button", className, { type: "button" });
    element.textContent = text;
    element.addEventListener("click", act);
    return element;
  };
  const select = (options, value, label, act, className = "form-select form-select-sm w-auto") => {
    const element = make("select", className, { "aria-label": label });
    options.forEach(([code, text]) => element.add(new Option(text, code, false, code === value)));
    element.addEventListener("change", () => act(element.value));
    return element;
  };
  const input = (type, value, label, act, attributes = {}) => {
    const element = make("input", "form-control form-control-sm w-auto", { type, "aria-label": label, ...attributes });
    element.value = value ?? "";
    element.addEventListener("input", () => act(element.value));
    return element;
  };

  // A group in the editor: {joiner: all | any | none, items: [...]}; everything else is a condition as in the rule.
  const read = (rule) => {
    if (rule.all) return { joiner: "all", items: rule.all.map(read) };
    if (rule.any) return { joiner: "any", items: rule.any.map(read) };
    if (rule.not) return { joiner: "none", items: (rule.not.any ?? [rule.not]).map(read) };
    return rule;
  };
  const write = (node) => {
    if (!node.items) return node;
    const items = node.items.map(write).filter((item) => item);
    if (!items.length) return null;
    return node.joiner === "none" ? { not: { any: items } } : { [node.joiner]: items };
  };

  const state = read(store.value && store.value !== "null" ? JSON.parse(store.value) : { all: [] });
  const tree = state.items ? state : { joiner: "all", items: [state] };

  const save = () => {
    store.value = JSON.stringify(write(tree) ?? { all: [] });
    form.querySelector("[data-rule-estimate]").dispatchEvent(new CustomEvent("hearth:rule"));
  };
  const redraw = () => {
    root.replaceChildren(drawGroup(tree, 1, null));
    save();
  };

  const fieldOf = (name) => catalogue.fields.find((field) => field.name === name);
  const behaviourOf = (name) => catalogue.behaviours.find((behaviour) => behaviour.name === name);
  const firstTest = (field) => ({ field: field.name, op: catalogue.operators[field.kind][0][0], value: null });
  const firstItem = () => (catalogue.fields.length ? firstTest(catalogue.fields[0]) : newBehaviour(catalogue.behaviours[0].name));
  const newBehaviour = (name) => ({ behaviour: name, where: [], aggregate: "at_least_once" });

  const numberOf = (text) => (text.trim() === "" ? null : text.trim());
  const pairOf = (item) => (Array.isArray(item.value) ? item.value : [null, null]);

  const drawValue = (item, kind, choices, line) => {
    if (WITHOUT_VALUE.includes(item.op)) return;
    if (kind === "choice") return drawChoices(item, choices, line);
    if (item.op === "within_days" || item.op === "older_than_days") {
      line.append(input("number", item.value, words.value, (text) => { item.value = text ? Number(text) : null; save(); }, { min: 1, max: 36500 }));
      return;
    }
    const type = kind === "date" ? "date" : "number";
    const attributes = type === "number" ? { step: "any", inputmode: "decimal" } : {};
    if (item.op === "between") {
      const pair = [...pairOf(item)];
      const put = (index) => (text) => { pair[index] = numberOf(text); item.value = pair; save(); };
      line.append(input(type, pair[0], words.value, put(0), attributes), words.to, input(type, pair[1], words.value, put(1), attributes));
      return;
    }
    line.append(input(type, item.value, words.value, (text) => { item.value = numberOf(text); save(); }, attributes));
  };
  const drawChoices = (item, choices, line) => {
    const chosen = new Set(item.value ?? []);
    const known = choices.concat([...chosen].filter((code) => !choices.some((choice) => choice[0] === code)).map((code) => [code, code]));
    const box = make("div", "d-flex flex-wrap gap-3 w-100 order-2", { role: "group", "aria-label": words.value });
    known.forEach(([code, text]) => {
      const label = make("label", "form-check form-check-inline m-0");
      const check = make("input", "form-check-input", { type: "checkbox" });
      check.checked = chosen.has(code);
      check.addEventListener("change", () => {
        if (check.checked) chosen.add(code); else chosen.delete(code);
        item.value = [...chosen];
        save();
      });
      const caption = make("span", "form-check-label");
      caption.textContent = text;
      label.append(check, caption);
      box.append(label);
    });
    line.append(box);
  };
  const drawOperator = (item, kind, line) => {
    line.append(select(catalogue.operators[kind], item.op, words.operator, (op) => { item.op = op; item.value = null; if (WITHOUT_VALUE.includes(op)) delete item.value; redraw(); }));
  };

  const drawPicker = (item, replace) => {
    const picker = make("select", "form-select form-select-sm w-auto", { "aria-label": words.field });
    const groups = new Map();
    const put = (subject, code, text, chosen) => {
      if (!groups.has(subject)) groups.set(subject, make("optgroup", "", { label: subject }));
      groups.get(subject).append(new Option(text, code, false, chosen));
    };
    catalogue.fields.forEach((field) => put(field.subject, `f:${field.name}`, field.label, item.field === field.name));
    catalogue.behaviours.forEach((behaviour) => put(words.behaviours, `b:${behaviour.name}`, behaviour.label, item.behaviour === behaviour.name));
    picker.append(...groups.values());
    picker.addEventListener("change", () => {
      const name = picker.value.slice(2);
      replace(picker.value.startsWith("f:") ? firstTest(fieldOf(name)) : newBehaviour(name));
    });
    return picker;
  };
  const drawFilters = (item, behaviour, line) => {
    item.where = item.where ?? [];
    item.where.forEach((test, index) => {
      const field = behaviour.filters.find((known) => known.name === test.field);
      if (!field) return;
      const row = make("div", "d-flex flex-wrap align-items-center gap-2 w-100 ps-3 border-start order-2");
      row.append(select(behaviour.filters.map((known) => [known.name, known.label]), test.field, words.field, (name) => { item.where[index] = firstTest(behaviour.filters.find((known) => known.name === name)); redraw(); }));
      drawOperator(test, field.kind, row);
      drawValue(test, field.kind, field.choices, row);
      row.append(button("×", () => { item.where.splice(index, 1); redraw(); }, "btn btn-sm btn-ghost-secondary ms-auto order-1"));
      row.lastChild.setAttribute("aria-label", words.remove);
      line.append(row);
    });
    if (behaviour.filters.length) line.append(button(words.addFilter, () => { item.where.push(firstTest(behaviour.filters[0])); redraw(); }, "btn btn-sm btn-ghost-primary order-2"));
  };
  const drawBehaviour = (item, line) => {
    const behaviour = behaviourOf(item.behaviour);
    if (!behaviour) return;
    line.append(select(behaviour.aggregates, item.aggregate, words.measure, (name) => {
      item.aggregate = name;
      if (["at_least_once", "never"].includes(name)) { delete item.op; delete item.value; } else { item.op = item.op ?? "gte"; }
      redraw();
    }));
    if (item.op) {
      line.append(select(catalogue.measures, item.op, words.operator, (op) => { item.op = op; item.value = null; redraw(); }));
      drawValue(item, "number", [], line);
    }
    if (behaviour.hasTime) {
      const label = make("label", "d-flex align-items-center gap-2 text-secondary");
      label.append(input("number", item.days, words.days, (text) => { if (text) item.days = Number(text); else delete item.days; save(); }, { min: 1, max: 36500 }), words.days);
      line.append(label);
    }
    drawFilters(item, behaviour, line);
  };
  const drawItem = (item, group, index) => {
    const line = make("div", "d-flex flex-wrap align-items-center gap-2 p-2 border rounded mb-2");
    line.append(drawPicker(item, (next) => { group.items[index] = next; redraw(); }));
    const remove = button("×", () => { group.items.splice(index, 1); redraw(); }, "btn btn-sm btn-ghost-secondary ms-auto order-1");
    remove.setAttribute("aria-label", words.remove);
    if (item.behaviour) drawBehaviour(item, line);
    const field = item.field && fieldOf(item.field);
    if (field) {
      drawOperator(item, field.kind, line);
      drawValue(item, field.kind, field.choices, line);
    }
    line.append(remove);
    return line;
  };
  const drawGroup = (group, depth, remove) => {
    const box = make("div", depth > 1 ? "border-start border-primary ps-2 ps-md-3 mb-2" : "");
    const head = make("div", "d-flex align-items-center gap-2 mb-2");
    head.append(select(["all", "any", "none"].map((joiner) => [joiner, words[joiner]]), group.joiner, words.joiner, (joiner) => { group.joiner = joiner; save(); }));
    if (remove) {
      const close = button("×", remove, "btn btn-sm btn-ghost-secondary ms-auto order-1");
      close.setAttribute("aria-label", words.remove);
      head.append(close);
    }
    box.append(head);
    group.items.forEach((item, index) => {
      box.append(item.items ? drawGroup(item, depth + 1, () => { group.items.splice(index, 1); redraw(); }) : drawItem(item, group, index));
    });
    const foot = make("div", "d-flex flex-wrap gap-2");
    foot.append(button(words.addCondition, () => { group.items.push(firstItem()); redraw(); }, "btn btn-sm btn-outline-primary"));
    if (depth < MAX_DEPTH) foot.append(button(words.addGroup, () => { group.items.push({ joiner: "any", items: [] }); redraw(); }, "btn btn-sm"));
    box.append(foot);
    return box;
  };

  if (!catalogue.fields.length && !catalogue.behaviours.length) return;
  root.replaceChildren(drawGroup(tree, 1, null));
  if (tree.items.length) window.addEventListener("load", save); else store.value = JSON.stringify({ all: [] });
})();
