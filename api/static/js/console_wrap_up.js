// Decides what is put down when a conversation is resolved: the branch of the tree and the summary.

import { t } from "./words.js";
import { make } from "./desk_dom.js";
import { get } from "./desk_api.js";
import { ask } from "./console_dialogs.js";

const byId = (id) => document.getElementById(id);
const DETAILS = {
  explained: () => t("Explained"), order_changed: () => t("Order changed"), fault_fixed: () => t("Fault fixed"),
  full_refund: () => t("Full refund"), part_refund: () => t("Part of it"), shipping_refund: () => t("Shipping fee"),
  same_item: () => t("The same item"), other_item: () => t("Another item"), missing_part: () => t("A missing part"),
  before_purchase: () => t("Before the purchase"), delivery: () => t("About delivery"), after_sale: () => t("After the sale"),
  warehouse: () => t("Warehouse"), carrier: () => t("Carrier"), finance: () => t("Finance"), other_team: () => t("Another team"),
};

// Asks how it ended; null when the agent thought better of it.
export async function askResolve(id) {
  const summary = byId("resolve-summary");
  const detail = byId("resolve-detail");
  let draft = { summary: "", details: {} };
  summary.value = "";
  const showDetails = () => {
    const chosen = document.querySelector("#resolve-dialog [name=disposition]:checked")?.value;
    const codes = draft.details[chosen] ?? [];
    detail.replaceChildren(make("option", { value: "", text: t("Not said") }),
      ...codes.map((code) => make("option", { value: code, text: DETAILS[code]?.() ?? code.replaceAll("_", " ") })));
    byId("resolve-detail-field").hidden = !codes.length;
  };
  const dialog = byId("resolve-dialog");
  const changed = ({ target }) => { if (target.name === "disposition") showDetails(); };
  dialog.addEventListener("change", changed);
  showDetails();
  get(`conversations/${id}/wrap-up-draft`).then((found) => {
    draft = found;
    if (!summary.value) summary.value = found.summary;
    showDetails();
  }).catch(() => {});
  const given = await ask("resolve-dialog");
  dialog.removeEventListener("change", changed);
  if (!given) return null;
  return { ...given, is_corrected: given.summary.trim() !== draft.summary.trim() };
}
