// Decides how a suggested next step and the things a shopper named are worded.

import { t } from "./words.js";
import { intentWord, sensitiveWord } from "./console_words.js";

const STEPS = {
  stay_with_them_and_give_helpline: () => t("This person may be in danger. Stay with them, be kind, name the helpline, and call your supervisor."),
  ask_if_they_are_safe: () => t("First ask whether everybody is safe and whether they need help. The order comes later."),
  take_note_and_pass_to_supervisor: () => t("Take note of the demand word for word, promise nothing, and pass it to your supervisor."),
  secure_the_account: () => t("Help to secure the account and the payment first; ask for no password or code."),
  pass_to_privacy_contact: () => t("Confirm that you got the request about personal data and pass it to your privacy contact."),
  check_parcel: () => t("Look where the parcel is and name the next date."),
  read_order_aloud: () => t("Go through the order together."),
  carry_out_change: () => t("Carry out the wish, then confirm it in writing."),
  check_refund: () => t("Look up the refund and say when and where it arrives."),
  apologise_and_offer_solution: () => t("Apologise in one sentence, then offer a concrete solution. Ask nothing that stands here already."),
  verify_in_another_way: () => t("The order form was given up. Prove the identity in another way, then help."),
  explain_again_differently: () => t("The answers given did not help: explain it in other words, not with the same article."),
  answer_open_question: () => t("Answer the open question below."),
  go_on_from_settled: () => t("Read how it was settled before and go on from there; the shopper need not explain it again."),
  ask_what_is_needed: () => t("Greet the shopper and ask what is needed."),
};

const ENTITIES = {
  order_number: () => t("Order number"),
  order_proof: () => t("Proof"),
  email: () => t("E-mail"),
  phone: () => t("Phone"),
  amount: () => t("Amount"),
  date: () => t("Date"),
  product: () => t("Product"),
};

export const entityWord = (name) => ENTITIES[name]?.() ?? String(name).replaceAll("_", " ");

// The sentence, and what it is about in a few words.
export function nextStepWords({ key, args = {} }) {
  return {
    sentence: STEPS[key]?.() ?? String(key).replaceAll("_", " "),
    about: [
      args.kind ? sensitiveWord(args.kind) : null,
      key === "carry_out_change" && args.intent ? intentWord(args.intent) : null,
      args.order_number ? t("Order %(number)s", { number: args.order_number }) : null,
    ].filter(Boolean),
  };
}
