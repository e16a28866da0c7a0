// Decides how an old revision is published again.

import { t } from "./words.js";
import { facts, make } from "./desk_dom.js";
import { post } from "./desk_api.js";
import { passGate } from "./editor_gate.js";
import { ask } from "./console_dialogs.js";
import "./desk.js";

const problem = document.getElementById("edit-problem");

for (const button of document.querySelectorAll("[data-roll-back]")) {
  button.addEventListener("click", async () => {
    if (!(await ask("roll-back-dialog"))) return;
    button.disabled = true;
    try {
      const passed = await passGate(facts.article.id, { body: { revision_id: button.dataset.rollBack } });
      if (!passed) {
        button.disabled = false;
        return;
      }
      await post(`articles/${facts.article.id}/rollback`, { revision_id: button.dataset.rollBack, override_reason: passed.reason });
      sessionStorage.setItem("warmline:editor:done", t("The words of revision %(n)s are published again.", { n: button.dataset.number }));
      location.assign(`/editor/articles/${facts.article.id}`);
    } catch (error) {
      button.disabled = false;
      problem.replaceChildren(make("p", { text: error.message }));
      problem.hidden = false;
      problem.focus();
    }
  });
}
