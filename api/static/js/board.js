// Decides when the board counts again: now and then, never while somebody reads a definition.

import "./desk.js";

const seconds = Number(document.getElementById("main").dataset.refresh);

setInterval(() => {
  if (document.hidden || document.querySelector("details[open]")) return;
  if (document.activeElement && document.activeElement !== document.body) return;
  location.reload();
}, seconds * 1000);
