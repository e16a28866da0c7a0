// Decides which pane and which list is in front, on wide and on narrow screens.

import { deviceStorage } from "./outbox.js";

const CARD = "warmline:console:card";
const storage = deviceStorage();
const byId = (id) => document.getElementById(id);
const main = byId("main");
const isWide = matchMedia("(min-width: 1180px)");

export const currentTab = () =>
  document.querySelector(".tabs [role=tab][aria-selected=true]").dataset.tab;

export function tab(name, { focus = false } = {}) {
  for (const one of document.querySelectorAll(".tabs [role=tab]")) {
    const isOn = one.dataset.tab === name;
    one.setAttribute("aria-selected", String(isOn));
    one.tabIndex = isOn ? 0 : -1;
    byId(`panel-${one.dataset.tab}`).hidden = !isOn;
    if (isOn && focus) one.focus();
  }
}

// On a telephone one pane is seen at a time.
export function pane(name) {
  main.dataset.pane = name;
}

export function card(isShown = !isCardShown()) {
  main.dataset.card = isShown ? "shown" : "hidden";
  byId("show-card").setAttribute("aria-expanded", String(isShown));
  if (isWide.matches) storage.setItem(CARD, isShown ? "shown" : "hidden");
  else if (isShown) byId("hide-card").focus();
  else byId("show-card").focus();
}

export function escape() {
  if (!isWide.matches && isCardShown()) card(false);
  else if (main.dataset.pane === "thread") pane("line");
}

export function online(isThere, words = "") {
  const place = byId("link-state");
  place.hidden = isThere;
  place.querySelector("span").textContent = words;
}

function isCardShown() {
  return main.dataset.card === "shown";
}

export function wire() {
  const tabs = [...document.querySelectorAll(".tabs [role=tab]")];
  for (const one of tabs) {
    one.addEventListener("click", () => tab(one.dataset.tab));
    one.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      event.preventDefault();
      const shown = tabs.filter((other) => !other.hidden);
      const by = event.key === "ArrowRight" ? 1 : shown.length - 1;
      tab(shown[(shown.indexOf(one) + by) % shown.length].dataset.tab, { focus: true });
    });
  }
  byId("show-card").addEventListener("click", () => card());
  byId("hide-card").addEventListener("click", () => card(false));
  byId("back-to-line").addEventListener("click", () => pane("line"));
  const adapt = () => {
    main.dataset.card = isWide.matches ? storage.getItem(CARD) ?? "shown" : "hidden";
  };
  isWide.addEventListener("change", adapt);
  adapt();
}
