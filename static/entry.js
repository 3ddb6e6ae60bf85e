// What the entry page does beyond plain forms: insertions at the caret, and keeping what is typed
// while the connection is gone. Scores are never computed here. Keys in the grid: grid.js.
(() => {
  "use strict";
  const form = document.getElementById("entry");
  if (!form) return;
  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  // A figure goes to where the caret is.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[value^='insert:']");
    if (!button) return;
    event.preventDefault();
    const area = document.getElementById("analysis");
    area.setRangeText(button.value.slice("insert:".length), area.selectionStart, area.selectionEnd, "end");
    area.focus();
    changed(area);
  });

  // Lost connection: a copy stays in this tab until the server has it.
  const KEY = `entry:${form.elements.by.value}:${location.pathname}`; // nobody else's
  const saved = document.getElementById("saved");
  const typed = () => JSON.stringify([...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"));
  let waiting = false;
  let busy = false;
  let leaving = null; // the button that was pressed, while a draft is still on its way

  // A form never overtakes its own draft: it waits for the answer, and no new draft begins.
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (leaving) event.preventDefault();
    else busy = true;
  });
  form.addEventListener("htmx:afterRequest", () => {
    busy = false;
    if (leaving && leaving.held) form.requestSubmit(leaving.button);
  });
  form.addEventListener("submit", (event) => {
    sessionStorage.removeItem(KEY);
    leaving = { button: event.submitter, held: busy };
    if (busy) event.preventDefault();
  });
  window.addEventListener("pageshow", () => (leaving = null));

  const lost = () => {
    if (leaving) return;
    sessionStorage.setItem(KEY, typed());
    saved.textContent = form.dataset.lost;
    if (!waiting) {
      waiting = true;
      setTimeout(() => {
        waiting = false;
        changed(form);
      }, 5000);
    }
  };
  const refused = () => {
    saved.textContent = form.dataset.refused; // locked, or logged in anew elsewhere: typing on is no use
  };
  form.addEventListener("input", () => sessionStorage.setItem(KEY, typed()));
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.body.addEventListener(name, lost);
  document.body.addEventListener("htmx:responseError", (event) => event.detail.xhr.status >= 500 ? lost() : refused());
  document.body.addEventListener("htmx:afterOnLoad", (event) => event.detail.xhr.status < 400 && sessionStorage.removeItem(KEY));
  window.addEventListener("beforeunload", (event) => {
    if (sessionStorage.getItem(KEY) && !navigator.onLine) event.preventDefault();
  });

  const kept = sessionStorage.getItem(KEY);
  if (kept && kept !== typed()) {
    const values = {};
    for (const [name, value] of JSON.parse(kept)) (values[name] = values[name] || []).push(value);
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "file" || !(field.name in values)) continue;
      if (field.type === "checkbox") field.checked = true;
      else if (field.type !== "submit") field.value = values[field.name].shift() ?? field.value;
    }
    changed(form);
  }
})();
