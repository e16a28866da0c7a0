// Decides how a tried question becomes a labelled one: which article answers it, or none.

import { t } from "./words.js";
import { announce, facts } from "./desk_dom.js";
import { post } from "./desk_api.js";
import "./desk.js";

document.getElementById("label-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  const article = document.getElementById("label-article").value;
  button.disabled = true;
  try {
    await post("labelled-questions", { text: facts.text, language: facts.language, article_ids: article ? [article] : [] });
    document.getElementById("label-state").textContent = t("Saved already. Saving again replaces it.");
    announce(t("Saved. The publish gate asks it from now on."));
  } catch (error) {
    announce(error.message, { kind: "error" });
  } finally {
    button.disabled = false;
  }
});
