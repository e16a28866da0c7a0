// Decides how a step of the audit trail of accounts is told in words.

import { t, dayName, clockTime } from "./words.js";
import { make, facts } from "./desk_dom.js";

const roles = (codes) => (codes ?? []).map((one) => facts.roles[one] ?? one).join(", ");

const SAID = {
  created: (one) => t("%(actor)s made the account %(login)s.", one),
  invited: (one) => t("%(actor)s invited %(login)s as %(roles)s.", { ...one, roles: roles(one.detail.roles) }),
  link_made: (one) => t("%(actor)s made a link for a new password of %(login)s.", one),
  password_set: (one) => t("%(actor)s set a new password of %(login)s.", one),
  roles_set: (one) => t("%(actor)s changed the roles of %(login)s from %(before)s to %(after)s.", { ...one, before: roles(one.detail.before), after: roles(one.detail.after) }),
  skills_set: (one) => t("%(actor)s changed skills, languages or capacity of %(login)s.", one),
  disabled: (one) => t("%(actor)s disabled %(login)s.", one),
  enabled: (one) => t("%(actor)s enabled %(login)s.", one),
  sessions_ended: (one) => t("%(actor)s ended sessions of %(login)s.", one),
  second_factor_on: (one) => t("%(actor)s turned the second factor of %(login)s on.", one),
  second_factor_off: (one) => t("%(actor)s turned the second factor of %(login)s off.", one),
  second_factor_reset: (one) => t("%(actor)s reset the second factor of %(login)s.", one),
  recovery_codes_made: (one) => t("%(actor)s made new recovery codes for %(login)s.", one),
  recovery_code_used: (one) => t("%(actor)s signed in with a recovery code; %(left)s are left.", { ...one, left: one.detail.left }),
};

export const step = (one) => make("li", {},
  make("span", { class: "quiet", text: `${dayName(new Date(one.at))} ${clockTime(new Date(one.at))} ` }),
  make("span", { dir: "auto", text: SAID[one.event]?.(one) ?? one.event }));
