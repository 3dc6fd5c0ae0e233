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

  document.addEventListener("htmx:after:swap", () => {
    followAll();
    document.querySelector("[data-newest] :is(input, select):not([type=hidden])")?.focus();
  });

  followAll();
})();
