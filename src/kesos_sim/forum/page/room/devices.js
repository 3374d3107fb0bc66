/** The devices that have joined: who is connected, and which of them do not count. */

import { make } from "../dom.js";
import { press, unfolding } from "./nodes.js";

/** A device in words. @param {any} page @param {number} wanted in the order of joining */
export function deviceWords(page, wanted) {
  const found = page.state.devices.find((one) => one.number === wanted);
  if (!found) return "…";
  const { table, number, role } = found;
  return page.say("device", { table: page.table(table), number, role: page.role(role) });
}

/** @param {any} page */
export function deviceList(page) {
  const { say, state } = page;
  const rows = [...state.devices].sort((a, b) => a.table.localeCompare(b.table) || a.number - b.number);
  return unfolding(page, "devices", say("devices_title"),
    make("p", { class: "kf-quiet" }, say("devices_help")),
    rows.length ? make("ul", {}, rows.map((one) => make("li", {},
      make("span", {}, `${one.online ? "●" : "○"} ${deviceWords(page, one.number)}: `,
        [say(one.online ? "device_on" : "device_off"), one.excluded && say("device_excluded")].filter(Boolean).join(", ")),
      press(`device:${one.number}`, say(one.excluded ? "device_include" : "device_exclude"),
        () => page.act(["exclude", { device: one.number, on: !one.excluded }]),
        { name: `${say(one.excluded ? "device_include" : "device_exclude")}: ${deviceWords(page, one.number)}`, off: state.frozen }))))
      : make("p", {}, say("devices_none")));
}
