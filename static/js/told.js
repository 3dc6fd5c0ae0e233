// What a part that renews itself has to say is said when it changes, by one region that stays:
// a region that is swapped in with its words is not read aloud, one that is swapped each second
// would be read each second.
(() => {
  "use strict";

  const said = document.querySelector("[data-said]");
  if (!said) return;

  function words() {
    return [...document.querySelectorAll("[data-say]")]
      .map((one) => one.dataset.say || one.textContent.trim()).join(". ");
  }

  let last = words();
  document.addEventListener("htmx:after:swap", () => {
    const now = words();
    if (now === last) return;
    said.textContent = now;
    last = now;
  });
})();
