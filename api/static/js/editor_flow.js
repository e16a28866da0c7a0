// Decides how a draft is handed on: a colleague looks at it, it waits for its time, it ends on its day.

import { t } from "./words.js";
import { facts } from "./desk_dom.js";
import { call, post, put } from "./desk_api.js";
import { passGate } from "./editor_gate.js";

const byId = (id) => document.getElementById(id);
const path = (what) => `articles/${facts.article.id}/${what}`;
const remove = (what) => call("DELETE", path(what));

// A local date and time as an instant; null when the field is empty.
const instant = (id) => (byId(id).value ? new Date(byId(id).value).toISOString() : null);

// An instant for a field of the browser's own zone.
function fill(id, given) {
  if (!given || !byId(id)) return;
  const at = new Date(given);
  byId(id).value = new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

// `save` gives the article's id once its words are saved; `leave` tells what was done.
export function handOn({ save, leave, tell, busy }) {
  fill("plan-at", facts.article?.scheduled_at);
  fill("valid-from", facts.article?.valid_from);
  fill("valid-until", facts.article?.valid_until);
  const on = (id, step) => byId(id)?.addEventListener("click", (event) => busy(event.currentTarget, async () => {
    try { await step(); } catch (error) { tell(error.message); }
  }));
  const done = (words) => leave(facts.article.id, words);

  on("ask-review", async () => {
    if (!(await save())) return;
    await put(path("review"));
    done(t("Your colleagues see that these words wait for a review."));
  });
  on("end-review", async () => { await remove("review"); done(t("The review is ended.")); });
  on("plan", async () => {
    if (!instant("plan-at")) return byId("plan-at").focus();
    const id = await save();
    if (!id) return;
    const passed = await passGate(id);
    if (!passed) return;
    await put(path("schedule"), { at: instant("plan-at"), override_reason: passed.reason });
    done(t("Planned. The gate looks again at that time."));
  });
  on("unplan", async () => { await remove("schedule"); done(t("Nothing is planned any more.")); });
  on("set-validity", async () => {
    await put(path("validity"), { valid_from: instant("valid-from"), valid_until: instant("valid-until") });
    done(t("The dates are kept."));
  });
}
