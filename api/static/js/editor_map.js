// Decides what the map tells of the point that is looked at, by mouse or by keyboard.

import "./desk.js";

const tip = document.getElementById("map-tip");

function tell(event) {
  const point = event.target.closest?.("[data-tip]");
  if (point) tip.textContent = `${point.dataset.tip} · ${point.dataset.kind}`;
}

const map = document.querySelector(".map");
map?.addEventListener("mouseover", tell);
map?.addEventListener("focusin", tell);
