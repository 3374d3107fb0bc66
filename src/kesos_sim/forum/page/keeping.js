/** What a page keeps of the meeting: taken over, given back, saved as a file. */

import { make } from "./dom.js";

/** Take over what the kernel knows of this visitor and the browser has lost. @param {any} kept @param {any} entry */
export function adopt(kept, { kind, body }) {
  if (kind === "join") {
    kept.province ??= body.province;
    kept.role ??= body.role;
  }
  if (kind === "guess") kept.guesses[body.question] ??= { value: body.value };
  if (kind === "stance" && !kept.stances[body.point]) {
    const answer = String(body.answer);
    kept.stances[body.point] = {
      answer,
      phrase: body.phrase ?? "",
      note: body.note ?? "",
      sent: answer,
      sentKey: JSON.stringify([answer, body.phrase ?? "", body.note ?? ""]),
    };
  }
}

/** The shock under which the room looks at its packages: that of the phase, and none outside of it,
 *  as on the wall and in the agreement. @param {any} state @returns {string} */
export const shockOfRoom = ({ phase, shock }) => (phase === "shock" && shock ? shock : "none");

/**
 * Take over a shock that the facilitator has drawn, or its end; what the visitor chooses afterwards stays.
 * @param {any} store @param {any} session @param {string} drawn
 */
export function followShock(store, session, drawn) {
  const before = store.state.roomShock ?? "none";
  if (drawn === before || !["none", ...session.shocks].includes(drawn)) return;
  const own = drawn === "none" && store.state.work.shock !== before;
  store.put((kept) => (kept.roomShock = drawn));
  if (!own) store.always((work) => (work.shock = drawn));
}

/** Open again what was locked by an entry that the kernel refused.
 *  @param {any} kept @param {any} entry @param {string} why */
export function giveBack(kept, { id, kind, body }, why) {
  if (kind === "guess") delete kept.guesses[body.question];
  if (kind === "stance") delete kept.stances[body.point]?.sent;
  if (kind === "sign") Object.assign(kept, { signedDigest: "", signRefused: { id, why } });
  if (kind === "package") kept.sentPackage = "";
  if (kind === "reflect") kept.reflected = "";
  if (kind === "full" && kept.full?.id === id) kept.full = null;
}

/** @param {string} name @param {Blob} blob */
export function saveFile(name, blob) {
  const address = URL.createObjectURL(blob);
  const anchor = make("a", { href: address, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
