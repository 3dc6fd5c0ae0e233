// Finding a question among those that can be changed. Without script all steps are there to open.
(() => {
  "use strict";

  document.documentElement.classList.add("wm-has-script");

  const box = document.querySelector(".wm-what-if__search");
  const field = document.getElementById("what-if-search");
  if (!box || !field) return;
  box.hidden = false;
  const steps = [...document.querySelectorAll("[data-pick-step]")];
  const none = box.querySelector("[data-none]");

  function filter() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const step of steps) {
      let inStep = 0;
      for (const item of step.querySelectorAll("[data-pick]")) {
        const text = item.dataset.pick.toLowerCase();
        item.hidden = !words.every((word) => text.includes(word));
        if (!item.hidden) inStep += 1;
      }
      step.hidden = inStep === 0;
      step.open = words.length > 0 && inStep > 0;
      found += inStep;
    }
    none.hidden = found > 0;
  }

  field.addEventListener("input", filter);
  // The field is no part of the form's question: it must neither send it nor change the copy.
  field.addEventListener("change", (event) => event.stopPropagation());
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
})();
