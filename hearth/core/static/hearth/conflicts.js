// The dialog that a form came back with, when somebody else had changed the same meanwhile.
(() => {
  const dialog = document.querySelector("[data-conflict]");
  if (!dialog) return;
  dialog.close();
  dialog.showModal();
  // Enter would press the first button of the form, which stands outside.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.matches("button")) return;
    event.preventDefault();
    dialog.querySelector("[name=settle]").click();
  });
  dialog.addEventListener("click", (event) => event.target.closest("[data-conflict-back]") && dialog.close());
})();
