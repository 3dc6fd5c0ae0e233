// Small things every page may use. Pages work without them.
(() => {
  "use strict";

  const page = document.documentElement;

  // The token is read when it is needed: signing in again in another tab changes it, and a form
  // that was open meanwhile must still be able to send what was typed.
  function csrfToken() {
    const name = page.dataset.csrfCookie + "=";
    const pair = document.cookie.split("; ").find((cookie) => cookie.startsWith(name));
    return pair ? decodeURIComponent(pair.slice(name.length)) : "";
  }

  document.addEventListener("htmx:config:request", (event) => {
    const token = csrfToken();
    if (token) event.detail.ctx.request.headers["X-CSRFToken"] = token;
  });

  document.addEventListener("submit", (event) => {
    const field = event.target.querySelector("input[name=csrfmiddlewaretoken]");
    const token = csrfToken();
    if (field && token) field.value = token;
  }, true);

  // A request that failed says so and leaves the page, and what was typed, alone.
  const SHOWN_IN_PLACE = [400, 409, 422];
  const toast = document.getElementById("wm-toast");

  function warn(kind) {
    if (!toast) return;
    toast.querySelectorAll("[data-toast]").forEach((text) => {
      text.hidden = text.dataset.toast !== kind;
    });
    toast.hidden = false;
  }

  document.addEventListener("htmx:response:error", (event) => {
    const status = event.detail.ctx.response.status;
    if (status === 401) warn("signed-out");
    else if (status === 403) warn("refused");
    else if (!SHOWN_IN_PLACE.includes(status)) warn("failed");
  });
  document.addEventListener("htmx:error", () => warn("failed"));
  // (htmx tells of a swap even when our settings let it swap nothing.)
  document.addEventListener("htmx:after:swap", (event) => {
    if (toast && (event.detail?.ctx?.response?.status ?? 0) < 400) toast.hidden = true;
  });
  toast?.querySelector("button")?.addEventListener("click", () => { toast.hidden = true; });

  // A swap may take away what held the focus; then one goes on at the part of the page it was in.
  // (What has an id and is there again gets the focus back from htmx.)
  document.addEventListener("htmx:before:request", (event) => {
    event.detail.ctx.focusedPart = document.activeElement?.closest("[id][tabindex]")?.id;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const id = event.detail.ctx?.focusedPart;
    if (!id || document.activeElement !== document.body) return;
    document.getElementById(id)?.focus({ preventScroll: true });
  });

  // Open menus close on Escape, on a click outside, and when another one opens.
  function closeMenus(except) {
    document.querySelectorAll("details.wm-menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.wm-menu")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest("details.wm-menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
  });

  // After a refused form the summary of errors is where reading starts.
  document.querySelector("[data-focus-on-load]")?.focus();

  // A new organization is most likely where its first owner sits.
  const zone = document.querySelector("select[data-detect-time-zone]");
  if (zone && zone.value === "UTC" && !document.querySelector(".wm-error")) {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...zone.options].some((option) => option.value === here)) zone.value = here;
  }

  // Addresses and secrets are there to be handed on. Without script they are selected by hand.
  document.querySelectorAll("input[data-copy]").forEach((input) => {
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "wm-button wm-button--small wm-copy", textContent: input.dataset.copy,
    });
    const what = document.createElement("span");
    what.className = "wm-visually-hidden";
    what.textContent = ` ${input.labels[0]?.textContent.trim() ?? ""}`;
    button.append(what);
    input.after(button);
    button.addEventListener("click", async () => {
      input.select();
      try { await navigator.clipboard.writeText(input.value); } catch { document.execCommand("copy"); }
      button.firstChild.data = input.dataset.copied;
      setTimeout(() => { button.firstChild.data = input.dataset.copy; }, 2500);
    });
  });

  // A second press of the button must not send a form twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "get" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "true";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
})();
