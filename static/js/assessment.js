// Saving answers as they are given. Everything here only adds to pages that work without it.
(() => {
  "use strict";

  if (!window.htmx) return; // without it the buttons stay and the forms post
  document.documentElement.classList.add("wm-has-script");

  const answerForm = (element) => element.closest?.("form[data-answer]");
  const stateOf = (form) => form.querySelector(".wm-question__state");

  // Words live in the page's templates. The version the person saw must survive every message.
  function say(form, name) {
    const words = document.getElementById(`say-${name}`);
    const place = form.matches("[data-answer]") ? stateOf(form) : form.querySelector("[data-row-state]");
    if (!words || !place) return;
    const version = place.querySelector("input[type=hidden]");
    place.replaceChildren(...(version ? [version] : []), words.content.cloneNode(true));
    if (name !== "saving") place.firstElementChild?.toggleAttribute("data-failed", true);
  }

  // Signing in again in another tab changes the token, and Django reads the form's before the
  // header's.
  function refreshToken(form) {
    const name = `${document.documentElement.dataset.csrfCookie}=`;
    const pair = document.cookie.split("; ").find((cookie) => cookie.startsWith(name));
    const field = form.querySelector("input[name=csrfmiddlewaretoken]");
    if (pair && field) field.value = decodeURIComponent(pair.slice(name.length));
  }

  function serialize(form, submitter) {
    refreshToken(form);
    const data = new FormData(form);
    if (submitter?.name) data.append(submitter.name, submitter.value);
    return new URLSearchParams(data);
  }

  // A save that waited for another one must send what the form holds now, and the version the
  // first one brought back; htmx wrote its body before it queued.
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const form = ctx.sourceElement;
    if (!form.matches?.("form[data-answer]")) return;
    ctx.request.body = serialize(form, ctx.request.submitter);
    say(form, "saving");
  });

  function failed(event, name) {
    const form = event.detail.ctx?.sourceElement;
    if (!form?.matches?.("form[data-answer], form[data-row]")) return;
    event.stopPropagation(); // said at the question; no banner needed
    say(form, name);
    form.dataset.unsaved = "true";
  }

  const main = document.getElementById("main");
  main.addEventListener("htmx:response:error", (event) => {
    const { status } = event.detail.ctx.response;
    const name = { 401: "signed-out", 403: "refused" }[status];
    if (name) failed(event, name);
    else if (![400, 409, 422].includes(status)) failed(event, "failed");
    else event.detail.ctx.sourceElement.dataset.unsaved = "true";
  });
  main.addEventListener("htmx:error", (event) => failed(event, "network"));
  main.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (ctx.response?.status < 400) delete ctx.sourceElement.dataset?.unsaved;
    markInvalid(ctx.sourceElement, ctx.response?.status === 422);
  });

  // What is typed stays where it is after a refused save, so the mark has to come from here.
  function markInvalid(form, isInvalid) {
    if (!form.matches?.("form[data-answer]")) return;
    form.querySelectorAll("input[type=text], textarea").forEach((input) => {
      if (isInvalid && input.value) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    });
  }

  // Leaving with an answer that could not be saved asks first.
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-unsaved]")) event.preventDefault();
  });

  // "We don't know" and an answer exclude each other, as does an option that stands alone.
  document.addEventListener("change", (event) => {
    const input = event.target;
    const group = input.closest?.(".wm-question__fields");
    if (!group || !input.name) return;
    if (input.matches("[data-instead]")) {
      if (input.checked) clearAnswer(group, input);
      return;
    }
    if (/-(reason|note|basis|expires)$/.test(input.name)) return;
    if (input.type === "checkbox" && input.checked) keepAlone(group, input);
    if (input.type !== "checkbox" || input.checked) untickInstead(group);
  }, true);

  function answerInputs(group) {
    return [...group.querySelectorAll("input[name], select[name]")].filter(
      (input) => !input.matches("[data-instead]") && !/-(reason|note|basis|expires)$/.test(input.name),
    );
  }

  function clearAnswer(group, chosen) {
    group.querySelectorAll("[data-instead]").forEach((other) => {
      if (other !== chosen) other.checked = false;
    });
    answerInputs(group).forEach((input) => {
      if (input.type === "checkbox") input.checked = false;
      else input.value = "";
    });
    const text = group.querySelector("textarea[id$='-value']");
    if (text) text.value = "";
  }

  function untickInstead(group) {
    group.querySelectorAll("[data-instead]:checked").forEach((box) => { box.checked = false; });
  }

  function keepAlone(group, chosen) {
    const alike = group.querySelectorAll(`input[type=checkbox][name="${CSS.escape(chosen.name)}"]`);
    alike.forEach((other) => {
      if (other === chosen) return;
      if (chosen.matches("[data-alone]") || other.matches("[data-alone]")) other.checked = false;
    });
  }

  // An answer given while this script was still on its way is saved now, as if just given: after
  // htmx has begun, which it does in a timer of its own. (The forms say autocomplete=off, so no
  // browser fills in what an older visit left.)
  setTimeout(() => {
    document.querySelectorAll("form[data-answer]").forEach((form) => {
      const changed = [...form.elements].find(isChanged);
      changed?.dispatchEvent(new Event("change", { bubbles: true }));
    });
  });

  function isChanged(input) {
    if (input.matches("[type=radio], [type=checkbox]")) return input.checked !== input.defaultChecked;
    if (input.matches("select")) {
      const first = [...input.options].findIndex((option) => option.defaultSelected);
      return input.selectedIndex !== Math.max(first, 0);
    }
    return input.matches("input:not([type=hidden]), textarea") && input.value !== input.defaultValue;
  }
})();
