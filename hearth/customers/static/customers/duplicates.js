// Judging pairs by keyboard: arrows and 1, 2 choose values. The letters that judge, walk and take back are marked by
// data-key, and keys.js presses them.
function choices() {
  return [...document.querySelectorAll("[data-choice]")];
}

function step(by) {
  const rows = choices();
  const place = rows.indexOf(document.activeElement);
  rows[Math.max(0, Math.min(place + by, rows.length - 1))]?.focus();
}

// The first number chooses for the first value that differs; each choice goes on to the next one.
function choose(number) {
  const rows = choices();
  const row = rows.includes(document.activeElement) ? document.activeElement : rows[0];
  const input = row?.querySelectorAll("input[type=radio]")[number - 1];
  if (!input) return;
  input.checked = true;
  row.focus();
  if (rows.indexOf(row) < rows.length - 1) step(1);
}

function isOurs(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return false;
  if (document.querySelector("#duplicate-queue .htmx-request")) return false;
  return !isTyping(event.target);
}

document.addEventListener("keydown", (event) => {
  if (!isOurs(event)) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "1" || event.key === "2") {
    event.preventDefault();
    choose(Number(event.key));
  }
});
