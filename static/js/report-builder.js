// Sections of a report are moved where they stand, by button or by dragging; without script the
// server moves them.
(() => {
  "use strict";

  const form = document.getElementById("builder");
  if (!form) return;
  document.querySelectorAll("[data-script-hides]").forEach((part) => { part.hidden = true; });

  function rows() {
    return [...form.querySelectorAll("[data-sortable] > li")];
  }

  function settle(row, focusOn) {
    const all = rows();
    all.forEach((one, place) => {
      one.draggable = true;
      one.querySelector("[data-move=up]").disabled = place === 0;
      one.querySelector("[data-move=down]").disabled = place === all.length - 1;
    });
    if (!row) return;
    const said = form.querySelector("[data-moved]");
    const title = row.querySelector("strong").textContent;
    if (said) said.textContent = `${title}: ${all.indexOf(row) + 1} / ${all.length}`;
    if (focusOn) (focusOn.disabled ? row.querySelector("[data-move]:not(:disabled)") : focusOn)?.focus();
    form.dispatchEvent(new CustomEvent("rb:changed", { bubbles: true }));
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("li");
    if (button.dataset.move === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    settle(row, button);
  });

  let dragged = null;
  form.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-sortable] > li");
    if (!dragged) return;
    dragged.dataset.dragged = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  form.addEventListener("dragover", (event) => {
    const over = dragged && event.target.closest("[data-sortable] > li");
    if (!over) return;
    event.preventDefault();
    if (over === dragged) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged);
    else over.after(dragged);
  });
  form.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
  form.addEventListener("dragend", () => {
    if (!dragged) return;
    delete dragged.dataset.dragged;
    settle(dragged);
    dragged = null;
  });

  // Another kind has been swapped in.
  document.addEventListener("htmx:after:swap", () => {
    form.querySelectorAll("[data-script-hides]").forEach((part) => { part.hidden = true; });
    settle();
  });
  settle();
})();
