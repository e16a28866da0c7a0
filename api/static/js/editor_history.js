// Decides how an old revision is published again.

import { t } from "./words.js";
import { facts, make } from "./desk_dom.js";
import { post } from "./desk_api.js";
import { ask } from "./console_dialogs.js";
import "./desk.js";

const problem = document.getElementById("edit-problem");

for (const button of document.querySelectorAll("[data-roll-back]")) {
  button.addEventListener("click", async () => {
    if (!(await ask("roll-back-dialog"))) return;
    button.disabled = true;
    try {
      await post(`articles/${facts.article.id}/rollback`, { revision_id: button.dataset.rollBack });
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
