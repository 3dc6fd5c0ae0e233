// Small helps on the constraints page; it works without them.
(() => {
  "use strict";

  // Time left and whose it is matter only where people have less time.
  function follow(row) {
    const kind = row.querySelector("select[name$='-kind']");
    const less = row.querySelector("[data-less]");
    if (kind && less) less.hidden = kind.value !== "reduced_staff";
  }

  function followAll() {
    document.querySelectorAll(".co-row--freezes").forEach(follow);
  }

  document.addEventListener("change", (event) => {
    const row = event.target.closest?.(".co-row--freezes");
    if (row) follow(row);
    // Another country has other regions and holidays.
    if (/^calendar-(country|subdivision)$/.test(event.target.name)) {
      document.querySelector("[data-show]")?.click();
    }
  });

  // A swapped section loses the focus: it goes to the new row, back to where it was, or to the
  // button that adds rows when the row it was in is gone.
  let focused = null;
  document.addEventListener("htmx:before:request", () => {
    const here = document.activeElement;
    focused = { id: here?.id, section: here?.closest?.(".co-section")?.id };
  });
  document.addEventListener("htmx:after:swap", () => {
    followAll();
    const section = focused?.section && document.getElementById(focused.section);
    const next = document.querySelector("[data-newest] :is(input, select):not([type=hidden])")
      || (focused?.id && document.getElementById(focused.id))
      || section?.querySelector(".co-add button") || section?.querySelector("button");
    if (next) next.focus();
  });

  followAll();
})();
