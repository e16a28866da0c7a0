// Decides how a gap is closed: with a reason, and gone from the list at once.

import { t } from "./words.js";
import { announce } from "./desk_dom.js";
import { post } from "./desk_api.js";
import "./desk.js";

for (const select of document.querySelectorAll("[data-close]")) {
  select.addEventListener("change", async () => {
    if (!select.value) return;
    const row = select.closest("[data-gap]");
    select.disabled = true;
    try {
      await post(`gaps/${row.dataset.gap}/close`, { how: select.value });
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      announce(t("Closed. If shoppers ask it again, it comes back."));
      next?.querySelector("a, select")?.focus();
      if (!next) location.reload();
    } catch (error) {
      select.disabled = false;
      select.value = "";
      announce(error.message, { kind: "error" });
    }
  });
}
