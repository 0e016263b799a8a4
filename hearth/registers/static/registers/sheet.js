// Opens the browser's own window for printing, or for keeping the sheet as a PDF.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print()
})
