/**
 * The facilitator's link to the kernel: acts wait until they are written, the room comes back.
 *
 * Acts that wait are kept in the browser, since a page whose server has started anew is loaded
 * again; an act that is sent twice counts once, since its id is made here.
 */

import { askServer } from "../link.js";
import { randomId } from "../dom.js";

/** Milliseconds. */
const WIRE_TIMES = { greet: 10_000, silent: 6_000, resend: 3_000, ask: 4_000, reload: 20_000 };
/** What was pressed longer ago is of another meeting, or no longer meant. */
const MEANT_FOR = 30 * 60_000;

/**
 * @typedef {{id: string, kind: string, body: Record<string, unknown>}} Act
 * @param {object} options
 * @param {any} options.model of the widget
 * @param {{read: () => any, write: (value: unknown) => boolean}} options.kept where acts wait
 * @param {() => string} options.lang
 * @param {(state: any) => void} options.onRoom
 * @param {(connected: boolean, waiting: number) => void} options.onConnection
 * @param {(refused: {id: string, why: string}[]) => void} options.onRefused
 * @param {(file: {name: string, type: string, bytes: ArrayBuffer}) => void} options.onFile
 * @param {(note: string) => void} options.onNote
 * @param {() => Promise<"alive"|"ended"|"silent">} [options.probe]
 * @param {() => void} [options.reload]
 */
export function openWire(options) {
  const { model, lang } = options;
  const probe = options.probe ?? askServer;
  const reload = options.reload ?? (() => location.reload());
  /** @type {Map<string, Act & {sent: number, at: number}>} */
  const waiting = new Map();
  const opened = Date.now();
  for (const one of options.kept.read() ?? []) {
    if (opened - one.at < MEANT_FOR) waiting.set(one.id, { ...one, sent: 0 });
  }
  let connected = true;
  let heard = Date.now();
  let greeted = 0;
  let asked = 0;

  function tell() {
    options.onConnection(connected, waiting.size);
  }

  function keep() {
    options.kept.write([...waiting.values()]);
  }

  function greet() {
    greeted = Date.now();
    model.send({ do: "hello", lang: lang() });
  }

  function flush() {
    const now = Date.now();
    const due = [...waiting.values()].filter((act) => now - act.sent > WIRE_TIMES.resend);
    if (!due.length) return;
    for (const act of due) act.sent = now;
    model.send({
      do: "act", lang: lang(), entries: due.map(({ id, kind, body }) => ({ id, kind, body })),
    });
  }

  /** Write events of the room. @param {[string, Record<string, unknown>][]} acts */
  function act(...acts) {
    for (const [kind, body] of acts) {
      const id = randomId();
      waiting.set(id, { id, kind, body, sent: 0, at: Date.now() });
    }
    keep();
    tell();
    flush();
  }

  /** @param {any} message @param {DataView[]} [buffers] */
  function take(message, buffers = []) {
    heard = Date.now();
    if (message.is === "room") options.onRoom(message.state);
    if (message.is === "ack") {
      const refused = message.refused ?? [];
      for (const id of [...(message.ids ?? []), ...refused.map((one) => one.id)]) waiting.delete(id);
      keep();
      if (refused.length) options.onRefused(refused);
    }
    if (message.is === "note") options.onNote(message.text);
    if (message.is === "file" && buffers[0]) {
      const { buffer, byteOffset, byteLength } = buffers[0];
      const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
      options.onFile({ name: message.name, type: message.type, bytes: /** @type {any} */ (bytes) });
    }
    connected = true;
    tell();
  }

  async function look() {
    const now = Date.now();
    flush();
    if (now - Math.max(heard, greeted) > WIRE_TIMES.greet) greet();
    if (greeted > heard && now - greeted > WIRE_TIMES.silent && connected) {
      connected = false;
      tell();
    }
    if (connected || now - asked < WIRE_TIMES.ask) return;
    asked = now;
    const answer = await probe();
    // A new page gets a new kernel, or the question for the secret.
    if (answer === "ended" && now - opened > WIRE_TIMES.reload) reload();
    else if (answer !== "silent") greet();
  }

  model.on("msg:custom", take);
  const clock = setInterval(look, 1000);
  greet();

  return {
    act,
    waiting: () => waiting.size,
    ask: (/** @type {Record<string, unknown>} */ message) => model.send({ ...message, lang: lang() }),
    close() {
      clearInterval(clock);
      model.off?.("msg:custom", take);
    },
  };
}
