// Shows the value beside a source only where it counts, the samples of the chosen column, and takes dropped files.
function showSource(select, samples) {
  const row = select.closest("tr");
  const chosen = select.value;
  row.querySelector("[data-value]").hidden = chosen !== "constant" && chosen !== "row_number";
  const column = chosen.startsWith("column:") ? chosen.slice("column:".length) : "";
  row.querySelector("[data-samples]").textContent = (samples[column] || []).join(" · ");
}

function prepareMapping() {
  const source = document.getElementById("samples");
  if (!source) return;
  const samples = JSON.parse(source.textContent);
  for (const select of document.querySelectorAll("[data-source]")) {
    showSource(select, samples);
    select.addEventListener("change", () => showSource(select, samples));
  }
}

function prepareDrop() {
  const zone = document.querySelector("[data-drop]");
  if (!zone) return;
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("border-primary", name === "dragover");
      if (name === "drop") zone.querySelector("input[type=file]").files = event.dataTransfer.files;
    });
  }
}

prepareMapping();
prepareDrop();
