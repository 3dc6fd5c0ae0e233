// Cards of the board: dragged with a mouse, and after every move the focus and what is said of it.
// Without script, and by keyboard or touch, each card has “Move to…”.
(() => {
  "use strict";

  const said = document.getElementById("board-said");
  let dragged = null;
  let top = null;

  const mark = document.createElement("li");
  mark.className = "bd-mark";
  mark.setAttribute("aria-hidden", "true");

  // Dragging

  function begin(card, event) {
    dragged = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.card);
    // Only now: else the picture under the pointer would be pale too.
    setTimeout(() => {
      card.classList.add("is-dragged");
      card.closest(".bd-lane").classList.add("is-target");
    });
  }

  function end() {
    mark.remove();
    document.querySelectorAll(".is-over, .is-target, .is-dragged").forEach((element) => {
      element.classList.remove("is-over", "is-target", "is-dragged");
    });
    dragged = null;
  }

  // A card stays in its lane: what it belongs to is not what the board changes.
  function columnAt(target) {
    const column = target.closest?.(".bd-column");
    return column && dragged && column.closest(".bd-lane") === dragged.closest(".bd-lane") ? column : null;
  }

  function show(column, y) {
    const list = column.querySelector(".bd-cards");
    const others = [...list.querySelectorAll(".bd-card")].filter((card) => card !== dragged);
    const next = others.find((card) => {
      const box = card.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    list.insertBefore(mark, next ?? null);
    document.querySelectorAll(".bd-column.is-over").forEach((other) => other.classList.remove("is-over"));
    column.classList.add("is-over");
  }

  function drop(column) {
    const form = document.getElementById("board-drop");
    const cards = [...column.querySelectorAll(".bd-card, .bd-mark")].filter((card) => card !== dragged);
    const at = cards.indexOf(mark);
    const [before, after] = [cards[at - 1], cards[at + 1]];
    const fields = form.elements;
    fields.initiative.value = dragged.dataset.card;
    fields.version.value = dragged.dataset.version;
    fields.status.value = column.querySelector(".bd-cards").dataset.column;
    fields.where.value = before ? "after" : after ? "before" : "first";
    fields.beside.value = (before ?? after)?.dataset.card ?? "";
    const stays = dragged.closest(".bd-column") === column
      && (dragged.previousElementSibling === before || mark.nextElementSibling === dragged
        || mark.previousElementSibling === dragged);
    end();
    if (!stays) form.requestSubmit();
  }

  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.(".bd-card[draggable]");
    if (card) begin(card, event);
  });
  document.addEventListener("dragover", (event) => {
    const column = columnAt(event.target);
    if (!column) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    show(column, event.clientY);
  });
  document.addEventListener("drop", (event) => {
    const column = columnAt(event.target);
    if (!column || !mark.isConnected) return;
    event.preventDefault();
    drop(column);
  });
  document.addEventListener("dragend", end);

  // “Move to…”: one at a time, and Escape closes it.

  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.(".bd-move") || !event.target.open) return;
    document.querySelectorAll(".bd-move[open]").forEach((other) => {
      if (other !== event.target) other.open = false;
    });
    event.target.querySelector("select")?.focus();
  }, true);
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.(".bd-move[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // After an answer

  function focusOn(id) {
    const card = document.getElementById(id);
    const place = card?.querySelector(".bd-move > summary") ?? card ?? document.getElementById("board");
    place?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  }

  function ask() {
    const dialog = document.getElementById("board-ask");
    if (!dialog) return false;
    dialog.removeAttribute("open");
    dialog.showModal();
    (dialog.querySelector("textarea") ?? dialog.querySelector("h2")).focus();
    dialog.querySelector("[data-leave]").addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      focusOn(dialog.dataset.card);
      dialog.remove();
    });
    return true;
  }

  document.addEventListener("htmx:before:swap", () => {
    top = document.getElementById("board")?.getBoundingClientRect().top ?? null;
  });
  document.addEventListener("htmx:after:swap", () => {
    const board = document.getElementById("board");
    if (!board) return;
    // What came in above must not push away what one was looking at.
    const now = board.getBoundingClientRect().top;
    if (top !== null && now !== top) window.scrollBy(0, now - top);
    top = null;
    if (said) said.textContent = board.dataset.said ?? "";
    if (ask()) return;
    if (board.dataset.focus) focusOn(board.dataset.focus);
  });
  ask();
})();
