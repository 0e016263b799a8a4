// The page that records a customer: one more input of a kind, and the fields of a household only when needed.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add-to]");
  if (!button) return;
  const inputs = document.querySelectorAll(`input[name="${CSS.escape(button.dataset.addTo)}"]`);
  const last = inputs[inputs.length - 1];
  const input = last.cloneNode();
  input.removeAttribute("id");
  input.value = "";
  last.after(input);
  input.focus();
});

const household = document.querySelector("#id_household");

function showHousehold() {
  document.querySelector("#id_household_member").closest(".mb-3").hidden = household.value !== "existing";
  document.querySelector("#id_household_role").closest(".mb-3").hidden = household.value === "none";
}

household.addEventListener("change", showHousehold);
showHousehold();
