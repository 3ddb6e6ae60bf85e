// The review by single keys: docs/sign-off.md has the table. What has a key says so in data-key;
// the key presses what a mouse could press, so the pages lack nothing without this file.
(() => {
  "use strict";
  const section = document.getElementById("keys");
  if (!section) return;
  const KEPT = "review-keys"; // "off" in this browser, where somebody has switched them off
  const PAUSE = 400; // ms in which a page that has just opened takes no decision by key
  const TYPED = "textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=button])";
  const toggle = document.getElementById("keys-on");
  const help = section.querySelector("details");
  const rows = [...document.querySelectorAll("[data-row]")];
  let leaving = false; // a decision is on its way: it is taken once
  let ready = false;

  const show = () => {
    document.documentElement.classList.toggle("kp-by-keys", toggle.checked);
    for (const one of document.querySelectorAll("[data-key]")) {
      const takes = toggle.checked && (ready || one.type !== "submit");
      if (takes) one.setAttribute("aria-keyshortcuts", one.dataset.key);
      else one.removeAttribute("aria-keyshortcuts");
    }
  };

  // Some input methods hide the letter; then the key itself counts. Capital letters are the same keys.
  const letter = (event) => {
    if (event.key === "Process") return event.code.replace(/^Key/, "").toLowerCase();
    return event.key.length === 1 ? event.key.toLowerCase() : event.key;
  };
  const isOthers = (event) =>
    event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey ||
    event.target.isContentEditable || event.target.matches(TYPED) ||
    (event.key.startsWith("Arrow") && event.target.closest(".kp-scroll, details.kp-pop"));

  // The list: j and k move the focus from title to title, x checks the row that has it.
  const rowOf = (element) => rows.findIndex((row) => row.closest("tr").contains(element));
  const inList = (key) => {
    const here = rowOf(document.activeElement);
    if (key === "x" && here >= 0) rows[here].closest("tr").querySelector("input[type=checkbox]")?.click();
    const to = { j: here + 1, k: here < 0 ? rows.length - 1 : here - 1 }[key];
    if (rows[to]) rows[to].focus();
    return key === "x" || to !== undefined;
  };

  const openHelp = (open) => {
    help.open = open;
    if (open) help.querySelector("summary").focus();
  };
  const press = (element) => {
    if (element === help.querySelector("summary")) return openHelp(!help.open);
    if (element.type === "submit" && !ready) return undefined;
    if (element.matches("summary")) {
      element.parentElement.open = true;
      return element.parentElement.querySelector("textarea").focus();
    }
    return element.click();
  };

  document.addEventListener("keydown", (event) => {
    if (!toggle.checked || leaving || isOthers(event)) return;
    const key = letter(event);
    if (!/^([a-z?]|ArrowLeft|ArrowRight|Escape)$/.test(key) || (event.shiftKey && key !== "?")) return;
    if (key === "Escape") return help.open ? openHelp(false) : undefined;
    const element = document.querySelector(`[data-key~="${key}"]`);
    if (!(rows.length && inList(key)) && !element) return;
    event.preventDefault();
    if (element && !event.repeat) press(element);
  });

  document.addEventListener("submit", (event) => {
    if (leaving) event.preventDefault();
    leaving = true;
  });
  window.addEventListener("pageshow", () => (leaving = false));

  toggle.checked = localStorage.getItem(KEPT) !== "off";
  toggle.addEventListener("change", () => {
    localStorage.setItem(KEPT, toggle.checked ? "on" : "off");
    show();
  });
  section.hidden = false;
  show();
  setTimeout(() => {
    ready = true;
    show();
  }, PAUSE);

  // A new page begins at its heading, or in the list at the row one comes back from.
  const there = location.hash && document.getElementById(location.hash.slice(1));
  if (there && rows.includes(there)) there.focus();
  else if (!there && !document.querySelector("main [autofocus]")) document.querySelector("h1").focus({ preventScroll: true });
  const said = document.querySelector(".kp-messages"); // read out once the heading has been
  if (said) setTimeout(() => said.replaceChildren(...said.childNodes), PAUSE);
})();
