// Moving bars of a plan by mouse and keyboard, and the panel that says why. Without script each
// initiative has a page with the same powers.
(() => {
  "use strict";

  document.documentElement.classList.add("sc-script");
  const DAY = 86_400_000;
  const WIDE = window.matchMedia("(min-width: 60rem)");

  // Days without time zones: a plan's day is the same everywhere.
  const parse = (iso) => Date.parse(`${iso}T00:00:00Z`);
  const iso = (time) => new Date(time).toISOString().slice(0, 10);

  const words = document.getElementById("move-words")?.dataset ?? {};
  const spoken = document.getElementById("plan-said");
  const dialog = document.getElementById("move");
  const why = document.getElementById("why");
  // The site's English writes the day before the month.
  const language = document.documentElement.lang.replace(/^en$/, "en-GB");
  const format = new Intl.DateTimeFormat(language, {
    timeZone: "UTC", weekday: "short", day: "numeric", month: "short", year: "numeric",
  });
  const show = (time) => format.format(time);
  const fill = (text, values) => (text ?? "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const say = (text) => { if (spoken) spoken.textContent = text; };

  let board = null;
  let moving = null;
  let opener = "";
  let wasDragged = false;

  class Board {
    constructor(element) {
      this.element = element;
      this.svg = element.querySelector("svg[data-first]");
      this.perDay = Number(this.svg.dataset.perDay);
      this.weekdays = new Set(element.dataset.weekdays.split(",").map(Number));
      this.holidays = new Set(element.dataset.holidays.split(","));
      this.firstDay = this.worked(parse(element.dataset.start));
      this.bars = [...this.svg.querySelectorAll("[data-initiative]")];
      const names = [...element.querySelectorAll("a.rm-gantt__name")];
      this.names = new Map(this.bars.map((bar, index) => [bar, names[index]?.textContent ?? ""]));
    }

    isWorked(time) {
      // Sunday is 0 for the browser and 6 for the plan.
      return this.weekdays.has((new Date(time).getUTCDay() + 6) % 7) && !this.holidays.has(iso(time));
    }

    // The working day at or after (before) a day.
    worked(time, step = 1) {
      for (let tries = 0; tries < 400 && !this.isWorked(time); tries += 1) time += step * DAY;
      return time;
    }

    after(time, days) {
      const step = Math.sign(days);
      for (let left = Math.abs(days); left > 0; left -= 1) time = this.worked(time + step * DAY, step);
      return time;
    }
  }

  class Moving {
    constructor(bar) {
      this.bar = bar;
      this.start = parse(bar.dataset.start);
      this.day = this.start;
      this.title = board.names.get(bar);
    }

    to(time) {
      this.day = Math.max(time, board.firstDay);
      const shift = ((this.day - this.start) / DAY) * board.perDay;
      this.bar.classList.toggle("is-moving", this.day !== this.start);
      this.bar.setAttribute("transform", `translate(${shift} 0)`);
    }

    back() {
      this.bar.classList.remove("is-moving");
      this.bar.removeAttribute("transform");
    }
  }

  // Setting up, again after every swap

  function setUp() {
    const element = document.querySelector("[data-board]");
    const mayMove = Boolean(dialog) && document.querySelector("#plan[data-tools]");
    board = element?.querySelector("svg[data-first]") ? new Board(element) : null;
    moving = null;
    if (!board || !mayMove) return;
    board.bars.forEach((bar, index) => {
      bar.id = `bar-${bar.dataset.initiative}`;
      bar.setAttribute("role", "button");
      bar.setAttribute("aria-describedby", "move-how");
      bar.setAttribute("tabindex", index ? "-1" : "0");
      bar.classList.add("sc-bar-to-move");
    });
  }

  function rove(bar) {
    board.bars.forEach((other) => other.setAttribute("tabindex", other === bar ? "0" : "-1"));
    bar.focus({ preventScroll: true });
    bar.querySelector(".rm-bar, .rm-diamond")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // By keyboard

  function begin(bar) {
    if (moving?.bar !== bar) {
      putBack();
      moving = new Moving(bar);
    }
    return moving;
  }

  function putBack(isSaid = false) {
    if (!moving) return;
    moving.back();
    if (isSaid) say(fill(words.back, { title: moving.title, start: show(moving.start) }));
    moving = null;
  }

  document.addEventListener("keydown", (event) => {
    const bar = event.target.closest?.(".sc-bar-to-move");
    if (!bar || !board || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = board.bars.indexOf(bar);
    const rtl = document.documentElement.dir === "rtl" ? -1 : 1;
    const sideways = { ArrowLeft: -rtl, ArrowRight: rtl }[event.key];
    const down = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (sideways) {
      const held = begin(bar);
      const week = board.weekdays.size || 5;
      held.to(board.after(held.day, sideways * (event.shiftKey ? week : 1)));
      say(fill(words.at, { title: held.title, start: show(held.day) }));
    } else if (down) {
      putBack();
      rove(board.bars[Math.min(Math.max(at + down, 0), board.bars.length - 1)]);
    } else if (event.key === "Home" || event.key === "End") {
      putBack();
      rove(board.bars.at(event.key === "Home" ? 0 : -1));
    } else if (event.key === "Enter" || event.key === " ") {
      if (moving && moving.day !== moving.start) propose();
      else loadPanel(bar.getAttribute("href"), bar.id);
    } else if (event.key === "Escape" && moving) {
      putBack(true);
    } else {
      return;
    }
    event.preventDefault();
  });

  document.addEventListener("focusout", (event) => {
    if (moving && event.target === moving.bar && !dialog?.open && !moving.isDragged) putBack();
  });

  // By mouse or finger

  const tip = document.createElement("div");
  tip.className = "sc-tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);

  document.addEventListener("pointerdown", (event) => {
    const bar = event.target.closest?.(".sc-bar-to-move");
    // A finger scrolls; it moves bars on the initiative's page.
    if (!bar || !board || event.button !== 0 || event.pointerType === "touch") return;
    event.preventDefault();
    rove(bar);
    const held = begin(bar);
    held.isDragged = true;
    const from = event.clientX;
    let isMoved = false;
    wasDragged = false;

    function move(step) {
      if (!isMoved && Math.abs(step.clientX - from) < 4) return;
      isMoved = true;
      wasDragged = true;
      const days = Math.round((step.clientX - from) / board.perDay);
      held.to(board.worked(held.start + days * DAY));
      document.documentElement.classList.add("is-dragging");
      tip.hidden = false;
      tip.textContent = show(held.day);
      // Set by script and not as an attribute, as the security policy asks.
      tip.style.left = `${Math.min(step.clientX + 14, window.innerWidth - 180)}px`;
      tip.style.top = `${step.clientY + 16}px`;
    }

    function end(last) {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      document.documentElement.classList.remove("is-dragging");
      tip.hidden = true;
      held.isDragged = false;
      if (moving !== held) return;
      if (last.type === "pointercancel") putBack();
      else if (!isMoved) putBack();
      else if (held.day === held.start) putBack(true);
      else propose();
    }

    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && moving?.isDragged) putBack(true);
  });

  // The dialog after a move

  function propose() {
    const form = dialog.querySelector("form");
    form.elements.version.value = document.getElementById("plan").dataset.version;
    form.elements.about.value = moving.bar.dataset.initiative;
    form.elements.day.value = iso(moving.day);
    dialog.querySelector("[data-title]").textContent = moving.title;
    dialog.querySelectorAll("[data-label]").forEach((button) => {
      button.textContent = fill(button.dataset.label, { day: show(moving.day) });
    });
    opener = moving.bar.id;
    dialog.showModal();
  }

  dialog?.addEventListener("close", () => {
    putBack(dialog.returnValue !== "sent");
    dialog.returnValue = "";
    document.getElementById(opener)?.focus({ preventScroll: true });
  });
  dialog?.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());

  // The panel

  function loadPanel(address, from) {
    if (!why || !WIDE.matches) { window.location.href = address; return; }
    if (from && !why.contains(document.activeElement)) opener = from;
    window.htmx.ajax("GET", address, { target: "#why", swap: "innerHTML" }).then(() => {
      why.hidden = !why.firstElementChild;
      why.scrollTop = 0;
      why.focus({ preventScroll: true });
    });
  }

  function closePanel() {
    if (!why || why.hidden) return;
    why.hidden = true;
    why.replaceChildren();
    document.getElementById(opener)?.focus({ preventScroll: true });
  }

  let links = 0;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) { closePanel(); return; }
    const link = event.target.closest("a[data-panel], [data-board] a[href]");
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link) return;
    // The click that ends a drag is none.
    if (wasDragged && link.matches(".sc-bar-to-move")) { wasDragged = false; event.preventDefault(); return; }
    if (!why || !WIDE.matches || !isPlain) return;
    event.preventDefault();
    // Where the focus goes back to needs a name.
    if (!link.id && !why.contains(link)) { links += 1; link.id = `panel-link-${links}`; }
    loadPanel(link.getAttribute("href"), link.id);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !dialog?.open && why?.contains(document.activeElement)) closePanel();
  });

  // After a change

  // What came in above must not push away what one was looking at.
  let boardTop = null;
  let comesBack = "";
  document.addEventListener("htmx:before:swap", () => {
    boardTop = document.getElementById("board")?.getBoundingClientRect().top ?? null;
  });
  document.addEventListener("htmx:before:request", (event) => {
    if (!dialog?.open || !dialog.contains(event.detail.ctx.sourceElement)) return;
    dialog.close("sent");
    // Not to the part of the page that the dialog was in.
    event.detail.ctx.focusedPart = null;
    comesBack = opener;
  });
  document.addEventListener("htmx:after:swap", () => {
    if (why && !why.firstElementChild) why.hidden = true;
    setUp();
    const told = document.querySelector("#refused, #conflict");
    if (told) { told.focus(); return; }
    const now = document.getElementById("board")?.getBoundingClientRect().top;
    if (boardTop !== null && now !== undefined && boardTop < window.innerHeight / 2) {
      window.scrollBy(0, now - boardTop);
    }
    const bar = board?.bars.find((other) => other.id === comesBack);
    comesBack = "";
    if (bar) rove(bar);
  });

  // Finding an initiative in a list to choose from

  document.querySelectorAll("[data-pick-list]").forEach((list) => {
    const box = list.querySelector("[data-search]");
    const field = box.querySelector("input");
    const items = [...list.querySelectorAll("[data-pick]")];
    box.hidden = items.length < 8;
    field.addEventListener("input", () => {
      const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      items.forEach((item) => {
        const text = item.dataset.pick.toLowerCase();
        item.hidden = !wanted.every((word) => text.includes(word));
      });
      list.querySelector("[data-none]").hidden = items.some((item) => !item.hidden);
    });
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  });

  setUp();
})();
