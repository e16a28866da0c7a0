// Decides which facts of a proven order the agent sees, and that an unproven one shows none.

import { t, language } from "./words.js";
import { make, icon } from "./desk_dom.js";
import { duration } from "./console_words.js";

const STATES = {
  unpaid: () => [t("Not paid"), "warn"],
  paid: () => [t("Paid, not packed yet"), "calm"],
  packed: () => [t("Packed"), "calm"],
  shipped: () => [t("On its way"), "calm"],
  delivered: () => [t("Delivered"), "good"],
  late: () => [t("Late"), "bad"],
  lost: () => [t("Lost"), "bad"],
  partly_shipped: () => [t("Partly shipped"), "warn"],
  cancelled: () => [t("Cancelled"), ""],
  return_open: () => [t("Return open"), "warn"],
  refunded: () => [t("Refunded"), "good"],
};

const LABELS = {
  placed_at: () => t("Placed"),
  paid_at: () => t("Paid"),
  promised_by: () => t("Promised by"),
  delivered_at: () => t("Delivered"),
  total: () => t("Total"),
  route: () => t("Paid with"),
  region: () => t("Goes to"),
  carrier: () => t("Carrier"),
  tracking_number: () => t("Tracking number"),
  refund: () => t("Refund"),
  items: () => t("Items"),
  checked_at: () => t("Looked up"),
};

const SHOWN_APART = new Set(["order_number", "number", "state", "items"]);

export function orderSection({ order }) {
  if (!order) return null;
  const [word, tone] = STATES[order.state]?.() ?? [String(order.state ?? "").replaceAll("_", " "), ""];
  const pairs = Object.entries(order)
    .filter(([name, value]) => !SHOWN_APART.has(name) && shown(value) !== "")
    .map(([name, value]) => make("li", {},
      make("span", { class: "label", text: LABELS[name]?.() ?? name.replaceAll("_", " ") }),
      make("span", { text: shown(value), dir: "auto" })));
  const items = (order.items ?? []).map((one) => make("li", { text: itemText(one), dir: "auto" }));
  return make("section", { class: "fact fact-order" },
    make("h3", {}, icon("box-seam"), t("Order")),
    make("p", { class: "order-head" },
      make("strong", { class: "mono", text: order.order_number ?? order.number ?? "" }),
      word ? make("span", { class: `tag ${tone}`, text: word }) : null),
    items.length ? make("ul", { class: "order-items" }, items) : null,
    pairs.length ? make("ul", { class: "pairs" }, pairs) : null);
}

function itemText(one) {
  if (typeof one === "string") return one;
  const name = inLanguage(one.name ?? one.title ?? one.sku);
  return one.quantity > 1 ? `${name} × ${one.quantity}` : name;
}

function inLanguage(value) {
  if (value === null || typeof value !== "object") return String(value ?? "");
  return value[language] ?? value["zh-Hans"] ?? Object.values(value)[0] ?? "";
}

function shown(value) {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  if (Array.isArray(value)) return value.map(shown).filter(Boolean).join(t(", "));
  if (typeof value === "object") {
    if ("amount" in value && "currency" in value) return money(value);
    if (language in value || "zh-Hans" in value) return inLanguage(value);
    return Object.values(value).map(shown).filter(Boolean).join(" · ");
  }
  return when(String(value));
}

function money({ amount, currency }) {
  try {
    return new Intl.NumberFormat(language, { style: "currency", currency }).format(Number(amount));
  } catch {
    return `${amount} ${currency}`;
  }
}

// A date is worded; an instant also says how long ago it was.
function when(text) {
  if (!/^\d{4}-\d\d-\d\d(T|$)/.test(text)) return text;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return text;
  const day = new Intl.DateTimeFormat(language, { month: "short", day: "numeric" }).format(time);
  if (!text.includes("T")) return day;
  const ago = (Date.now() - time) / 1000;
  return ago > 0 ? t("%(day)s (%(ago)s ago)", { day, ago: duration(ago) }) : day;
}
