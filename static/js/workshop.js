// The workshop on the projector: arrow keys go on and back, the space bar starts the timer.
(() => {
  "use strict";
  const typing = "input, textarea, select, button, a, summary, [contenteditable]";
  const timer = document.querySelector("[data-timer]");
  const left = timer && timer.querySelector("[data-timer-left]");
  let seconds = timer ? Number(timer.dataset.timer) * 60 : 0;
  let ticking = 0;

  const show = () => {
    const all = Math.abs(seconds);
    const text = `${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}`;
    left.textContent = (seconds < 0 ? "+" : "") + text;
    timer.toggleAttribute("data-over", seconds < 0);
  };
  const toggle = () => {
    if (ticking) {
      window.clearInterval(ticking);
      ticking = 0;
      return;
    }
    ticking = window.setInterval(() => { seconds -= 1; show(); }, 1000);
  };
  if (timer) {
    timer.hidden = false;
    show();
    timer.querySelector("button").addEventListener("click", toggle);
  }

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const isIn = event.target.closest && event.target.closest(typing);
    if (event.key === " " && timer && !isIn) {
      event.preventDefault();
      toggle();
      return;
    }
    const isField = event.target.closest && event.target.closest("input, textarea, select");
    const link = isField ? null : document.querySelector(`[data-key="${event.key}"]`);
    if (link) link.click();
  });
})();
