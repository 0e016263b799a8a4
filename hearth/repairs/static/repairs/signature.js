// Pads on which a signature is drawn with the finger, pen or mouse. `isDrawn` in the dataset says whether there is one.
// What is not finished is not signed: its pads are put away.
(() => {
  function place(canvas, event) {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  }

  function clear(canvas) {
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    delete canvas.dataset.isDrawn;
  }

  for (const canvas of document.querySelectorAll("canvas[data-signer]")) {
    const pen = canvas.getContext("2d");
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#111";
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...place(canvas, event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      pen.lineTo(...place(canvas, event));
      pen.stroke();
      canvas.dataset.isDrawn = "yes";
    });
    canvas.parentElement.querySelector("[data-clear]").addEventListener("click", () => clear(canvas));
  }

  for (const box of document.querySelectorAll("input[name=is_finished]")) {
    const follow = () => {
      for (const pad of box.form.querySelectorAll("fieldset[data-signature]")) pad.hidden = pad.disabled = !box.checked;
    };
    box.addEventListener("change", follow);
    follow();
  }
})();
