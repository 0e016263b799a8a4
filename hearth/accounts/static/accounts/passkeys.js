// Says on the page that a device gave no passkey: the person cancelled, or there is none.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault()
  for (const element of document.querySelectorAll("[data-passkey-failed]")) element.hidden = false
})
