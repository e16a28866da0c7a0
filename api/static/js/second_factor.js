// Decides how a second factor is shown while it is set up: the picture, the secret, the recovery codes.

import { t } from "./words.js";
import { make, icon } from "./desk_dom.js";

// What the phone has to learn. The picture is loaded as one, so that nothing in it can act.
export function enrolment(made) {
  const address = URL.createObjectURL(new Blob([made.qr_svg], { type: "image/svg+xml" }));
  const picture = make("img", { class: "factor-qr", src: address, alt: t("QR code with the secret that stands below it"), on: { load: () => URL.revokeObjectURL(address) } });
  return make("div", { class: "factor" },
    make("p", { text: t("Scan this with an authenticator app, then type the six digits it shows.") }),
    picture,
    make("p", {}, t("No camera? Type this secret into the app:"), " ",
      make("span", { class: "factor-secret", text: made.secret.match(/.{1,4}/g).join(" ") })));
}

export function recoveryCodes(codes) {
  const text = codes.join("\n");
  const copy = make("button", { type: "button", class: "button quiet", on: { click: () => copied(copy, text) } }, icon("copy"), t("Copy"));
  return make("div", { class: "factor" },
    make("p", {}, make("strong", { text: t("Keep these recovery codes; they are shown only now.") }), " ",
      t("Each signs you in once when your phone is not at hand.")),
    make("ul", { class: "factor-codes" }, codes.map((one) => make("li", { text: one }))),
    make("div", {}, copy));
}

export async function copied(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.replaceChildren(icon("check-lg"), t("Copied"));
  } catch {
    button.replaceChildren(icon("x-lg"), t("Select and copy it by hand"));
  }
}
