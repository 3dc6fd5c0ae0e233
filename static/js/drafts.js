// What is typed into a form waits in this browser until the server has it: kept for one person,
// for a week, and cleared when they sign out. Pages work without it.
(() => {
  "use strict";

  const PREFIX = "wm-draft:";
  const WEEK = 7 * 24 * 60 * 60 * 1000;
  const MAX_CHARACTERS = 100000;
  const MAX_DRAFTS = 40;
  const FORMS = "form[data-answer], form[data-row], form[data-draft]";
  const user = document.documentElement.dataset.user;
  const offered = new WeakSet();

  function keys(prefix) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return []; // storage is switched off
    }
  }

  function read(key) {
    try {
      const draft = JSON.parse(localStorage.getItem(key));
      return Array.isArray(draft?.fields) && Date.now() - draft.at < WEEK ? draft : null;
    } catch {
      return null;
    }
  }

  function drop(key) {
    try { localStorage.removeItem(key); } catch { /* storage is switched off */ }
  }

  // Signing out on a shared machine leaves nothing behind.
  document.addEventListener("submit", (event) => {
    const path = new URL(event.target.action, location.href).pathname;
    if (path === document.documentElement.dataset.signOut) keys(PREFIX).forEach(drop);
  }, true);

  if (!user) return;
  const own = `${PREFIX}${user}:`;

  const keyOf = (form) => own + new URL(form.getAttribute("action") || location.pathname, location.href).pathname;
  const words = (name) => document.getElementById(`draft-${name}`)?.content.cloneNode(true);

  // The newest drafts stay; old and odd ones go.
  function tidy() {
    const found = keys(own).map((key) => [key, read(key)]);
    found.filter(([, draft]) => !draft).forEach(([key]) => drop(key));
    found.filter(([, draft]) => draft)
      .sort((one, other) => other[1].at - one[1].at)
      .slice(MAX_DRAFTS)
      .forEach(([key]) => drop(key));
  }

  const isOurs = (input) => input.name && input.name !== "csrfmiddlewaretoken" && input.name !== "draft_id"
    && !["file", "password", "submit", "button"].includes(input.type);
  const controls = (form) => [...form.elements].filter((input) => isOurs(input) && input.type !== "hidden");
  const isTicked = (input) => ["checkbox", "radio"].includes(input.type);

  function fieldsOf(form) {
    return controls(form)
      .filter((input) => !isTicked(input) || input.checked)
      .map((input) => [input.name, input.value]);
  }

  // Versions and fingerprints: what the person saw when they typed.
  function seenBy(form) {
    return [...form.elements]
      .filter((input) => isOurs(input) && input.type === "hidden")
      .map((input) => [input.name, input.value]);
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  function keep(form) {
    const draft = { at: Date.now(), id: crypto.randomUUID?.() ?? String(Math.random()), fields: fieldsOf(form), seen: seenBy(form) };
    const text = JSON.stringify(draft);
    if (text.length > MAX_CHARACTERS) return;
    try {
      localStorage.setItem(keyOf(form), text);
    } catch { /* full, or switched off: the page still holds it */ }
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches(FORMS) && isOurs(event.target)) keep(form);
  });

  // By script: the server's answer says whether it has it. Typed meanwhile: that waits on.
  document.addEventListener("htmx:before:request", (event) => {
    const form = event.detail.ctx.sourceElement;
    if (form.matches?.(FORMS)) form.dataset.draftSent = String(Date.now());
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx.sourceElement;
    if (!form.matches?.(FORMS) || !(ctx.response?.status < 400)) return;
    const draft = read(keyOf(form));
    delete form.dataset.offline;
    if (draft && draft.at <= Number(form.dataset.draftSent)) drop(keyOf(form));
    form.querySelector("[data-draft-offer]")?.remove();
  }, true);

  // Without script of its own: the form names its draft, and the page after it says it was saved.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches(FORMS)) return;
    const draft = read(keyOf(form));
    if (!draft) return;
    form.querySelector("input[name=draft_id]")?.remove();
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "draft_id", value: draft.id });
    form.append(field);
  });

  function dropSaved() {
    const saved = document.cookie.split("; ").find((cookie) => cookie.startsWith("wm_saved="));
    if (!saved) return;
    const id = decodeURIComponent(saved.slice("wm_saved=".length));
    keys(own).filter((key) => read(key)?.id === id).forEach(drop);
    document.cookie = "wm_saved=; path=/; max-age=0; samesite=lax";
  }

  function offer(form) {
    const key = keyOf(form);
    const draft = read(key);
    if (!draft || offered.has(form) || form.querySelector("fieldset:disabled")) return;
    offered.add(form);
    // The server shows the same already: saved, or kept when the session ended.
    if (same(draft.fields, fieldsOf(form))) return drop(key);
    const box = words("offer")?.firstElementChild;
    if (!box) return;
    const when = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    box.querySelector("[data-draft-when]").textContent = when;
    const typed = draft.fields.filter(([name]) => form.elements[name]?.matches?.("textarea, input[type=text], input[type=url]"));
    const text = typed.map(([, value]) => value).filter(Boolean).join(" · ");
    const preview = box.querySelector("[data-draft-text]");
    preview.textContent = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    preview.hidden = !text;
    box.querySelector("[data-draft-restore]").addEventListener("click", () => {
      box.remove();
      restore(form, draft);
    });
    box.querySelector("[data-draft-discard]").addEventListener("click", () => {
      box.remove();
      drop(key);
      form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    });
    form.prepend(box);
    // An offer inside a closed part would be none.
    const folded = form.closest("details:not([open])");
    if (folded) folded.open = true;
  }

  function restore(form, draft) {
    const values = new Map();
    draft.fields.forEach(([name, value]) => values.set(name, [...(values.get(name) ?? []), value]));
    let changed = null;
    controls(form).forEach((input) => {
      const given = values.get(input.name) ?? [];
      if (isTicked(input)) {
        if (input.checked !== given.includes(input.value)) changed = input;
        input.checked = given.includes(input.value);
      } else if (given.length) {
        const value = given.shift();
        if (input.value !== value) changed = input;
        input.value = value;
      }
    });
    // With the version seen back then, a colleague's newer answer is shown and not overwritten.
    draft.seen.forEach(([name, value]) => {
      const input = form.querySelector(`input[type=hidden][name="${CSS.escape(name)}"]`);
      if (input) input.value = value;
    });
    changed?.closest("details")?.setAttribute("open", "");
    changed?.focus();
    if (form.matches("[data-answer]")) changed?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // A row that was typed and whose form is closed again is marked at the link that opens it.
  function markRows() {
    keys(own).forEach((key) => {
      const path = key.slice(own.length);
      const link = path.includes("/rows/") && document.querySelector(`a[hx-get="${CSS.escape(path)}"]`);
      if (!link || !read(key) || link.parentElement.querySelector("[data-draft-row]")) return;
      const mark = words("row")?.firstElementChild;
      if (mark) link.after(mark);
    });
  }

  function look() {
    document.querySelectorAll(FORMS).forEach(offer);
    markRows();
  }

  // The network
  const banner = document.getElementById("wm-offline");

  document.addEventListener("htmx:error", (event) => {
    const form = event.detail.ctx?.sourceElement;
    if (form?.matches?.("form[data-answer], form[data-row]")) form.dataset.offline = "true";
  }, true);
  window.addEventListener("offline", () => { if (banner) banner.hidden = false; });
  window.addEventListener("online", () => {
    if (banner) banner.hidden = true;
    document.querySelectorAll("form[data-offline]").forEach((form) => {
      delete form.dataset.offline;
      form.requestSubmit();
    });
  });

  tidy();
  dropSaved();
  // After assessment.js has looked for answers given before it was there.
  setTimeout(look);
  document.addEventListener("htmx:after:swap", () => setTimeout(look));
})();
