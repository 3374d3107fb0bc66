/**
 * Shows one anywidget component and carries its messages to the kernel and back.
 *
 * It speaks the Jupyter messaging protocol over the binary websocket protocol
 * `v1.kernel.websocket.jupyter.org`, so that a phone need not fetch megabytes of a laboratory.
 * A lost connection is opened again; a kernel that has ended means that the page begins anew,
 * and what a visitor has done is in the browser's storage by then.
 */
(() => {
  "use strict";
  const PROTOCOL = "v1.kernel.websocket.jupyter.org";
  const CONTROL = "jupyter.widget.control";
  const ASK_STATES_AGAIN = 6_000;
  const SLOW_AFTER = 20_000;
  const RELOAD_EVERY = 45_000;
  const GIVE_COMPONENT_TIME = 2_500;
  const MOST_WAITING = 50;

  const read = (selector) => JSON.parse(document.querySelector(selector)?.textContent ?? "null");
  const settings = read("#jupyter-config-data") ?? {};
  const words = read("#kesos-words") ?? {};
  const notice = document.getElementById("kesos-notice");
  const page = document.getElementById("kesos-page");
  const base = settings.baseUrl ?? "/";
  const session = newId();

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function say(text) {
    const paragraph = document.createElement("p");
    paragraph.append(`${text.id} `);
    const english = document.createElement("span");
    english.lang = "en";
    english.textContent = text.en;
    paragraph.append(english);
    notice.replaceChildren(paragraph);
    notice.hidden = false;
  }

  // --- messages -------------------------------------------------------------------------------

  function encode(channel, type, content, metadata = {}) {
    const text = new TextEncoder();
    const header = {
      msg_id: newId(), msg_type: type, username: "", session,
      date: new Date().toISOString(), version: "5.3",
    };
    const parts = [channel, ...[header, {}, metadata, content].map((part) => JSON.stringify(part))]
      .map((part) => text.encode(part));
    const count = parts.length + 1;
    let at = 8 * (count + 1);
    const packet = new Uint8Array(at + parts.reduce((sum, part) => sum + part.length, 0));
    const numbers = new DataView(packet.buffer);
    numbers.setBigUint64(0, BigInt(count), true);
    parts.forEach((part, place) => {
      numbers.setBigUint64(8 * (place + 1), BigInt(at), true);
      packet.set(part, at);
      at += part.length;
    });
    numbers.setBigUint64(8 * count, BigInt(at), true);
    return packet;
  }

  function decode(buffer) {
    const numbers = new DataView(buffer);
    const count = Number(numbers.getBigUint64(0, true));
    const offsets = Array.from({ length: count }, (_, place) =>
      Number(numbers.getBigUint64(8 * (place + 1), true)));
    const part = (place) => new DataView(buffer, offsets[place], offsets[place + 1] - offsets[place]);
    const text = (place) => new TextDecoder().decode(part(place));
    const buffers = [];
    for (let place = 5; place < count - 1; place += 1) buffers.push(part(place));
    return {
      channel: text(0), header: JSON.parse(text(1)), content: JSON.parse(text(4)), buffers,
    };
  }

  function putBuffers(target, paths, buffers) {
    paths.forEach((path, place) => {
      const last = path[path.length - 1];
      const owner = path.slice(0, -1).reduce((found, name) => found[name], target);
      owner[last] = buffers[place];
    });
  }

  // --- the link -------------------------------------------------------------------------------

  let socket = null;
  let failures = 0;
  let ended = false;
  const control = newId();
  const waiting = [];
  const models = new Map();

  const isOpen = () => socket !== null && socket.readyState === WebSocket.OPEN;

  function post(type, content, metadata) {
    const packet = encode("shell", type, content, metadata);
    if (isOpen()) socket.send(packet);
    else {
      waiting.push(packet);
      if (waiting.length > MOST_WAITING) waiting.shift();
    }
  }

  function connect() {
    if (ended || (socket !== null && socket.readyState <= WebSocket.OPEN)) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const place = `${base}api/kernels/${settings.kernelId}/channels?session_id=${session}`;
    socket = new WebSocket(`${scheme}://${location.host}${place}`, [PROTOCOL]);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      failures = 0;
      while (waiting.length) socket.send(waiting.shift());
      if (models.size === 0) askStates();
    };
    socket.onmessage = (event) => {
      if (event.data instanceof ArrayBuffer) take(decode(event.data));
    };
    socket.onclose = lost;
  }

  async function lost() {
    if (ended) return;
    failures += 1;
    if (await kernelIsGone()) return beginAnew();
    const pause = Math.min(10_000, 500 * 2 ** Math.min(failures, 5)) * (0.5 + Math.random());
    setTimeout(connect, pause);
  }

  async function kernelIsGone() {
    try {
      const answer = await fetch(`${base}api/kernels/${settings.kernelId}`, { cache: "no-store" });
      return answer.status === 404;
    } catch {
      return false;
    }
  }

  /** The component may have something to put away first; it reloads the page itself then. */
  function beginAnew() {
    if (ended) return;
    ended = true;
    window.dispatchEvent(new CustomEvent("kesos:ended"));
    const key = "kesos-forum:host-reload";
    const reload = async () => {
      let last = 0;
      try {
        last = Number(sessionStorage.getItem(key) ?? 0);
      } catch { /* storage is forbidden */ }
      const left = last + RELOAD_EVERY - Date.now();
      if (left > 0) return setTimeout(reload, left);
      try {
        const answer = await fetch(`${base}forum/alive`, { cache: "no-store" });
        if (!answer.ok) throw new Error("busy");
        try {
          sessionStorage.setItem(key, String(Date.now()));
        } catch { /* storage is forbidden */ }
        location.reload();
      } catch {
        setTimeout(reload, 4000 + 4000 * Math.random());
      }
    };
    setTimeout(reload, page.childElementCount ? GIVE_COMPONENT_TIME : 500 + 1500 * Math.random());
  }

  // --- models ---------------------------------------------------------------------------------

  let asking = 0;
  let askTimer = 0;

  function askStates() {
    if (models.size || ended) return;
    if (isOpen()) {
      if (asking === 0) {
        post("comm_open", { comm_id: control, target_name: CONTROL, data: {} }, { version: "1.0.0" });
      }
      asking += 1;
      post("comm_msg", { comm_id: control, data: { method: "request_states" } });
    }
    // The answer is half a megabyte: a slow network is given time before it is asked for again.
    clearTimeout(askTimer);
    askTimer = setTimeout(askStates, ASK_STATES_AGAIN * Math.min(Math.max(asking, 1), 8));
  }

  function take({ header, content, buffers }) {
    if (header.msg_type === "status") {
      if (["dead", "restarting", "autorestarting"].includes(content.execution_state)) beginAnew();
      return;
    }
    if (header.msg_type !== "comm_msg") return;
    const { comm_id: id, data } = content;
    if (id === control && data.method === "update_states") return openModels(data, buffers);
    const model = models.get(id);
    if (!model) return;
    if (data.method === "custom") model.emit("msg:custom", data.content, buffers);
    if (data.method === "update") {
      putBuffers(data.state, data.buffer_paths ?? [], buffers);
      model.update(data.state);
    }
  }

  function openModels(data, buffers) {
    if (models.size) return;
    putBuffers(data.states, data.buffer_paths ?? [], buffers);
    for (const [id, { model_module: module, state }] of Object.entries(data.states)) {
      if (module === "anywidget") models.set(id, newModel(id, state));
    }
    if (!models.size) return;
    show().catch((error) => {
      console.error(error);
      say(words.failed);
    });
  }

  function newModel(id, state) {
    const listeners = new Map();
    const changed = {};
    const emit = (name, ...values) => [...(listeners.get(name) ?? [])].forEach((run) => run(...values));
    const update = (next) => {
      Object.assign(state, next);
      for (const name of Object.keys(next)) emit(`change:${name}`);
      emit("change");
    };
    return {
      emit,
      update,
      get: (name) => state[name],
      set(name, value) {
        changed[name] = value;
        update({ [name]: value });
      },
      save_changes() {
        const next = { ...changed };
        for (const name of Object.keys(changed)) delete changed[name];
        post("comm_msg", { comm_id: id, data: { method: "update", state: next, buffer_paths: [] } });
      },
      send: (message) => post("comm_msg", { comm_id: id, data: { method: "custom", content: message } }),
      on(name, run) {
        if (!listeners.has(name)) listeners.set(name, new Set());
        listeners.get(name).add(run);
      },
      off(name, run) {
        if (name === undefined) listeners.clear();
        else if (run === undefined) listeners.delete(name);
        else listeners.get(name)?.delete(run);
      },
      widget_manager: { get_model: async (other) => models.get(other) },
    };
  }

  async function show() {
    const views = [...document.querySelectorAll("script.kesos-view")]
      .map((script) => JSON.parse(script.textContent).model_id)
      .filter((id) => models.has(id));
    for (const id of views) {
      const model = models.get(id);
      const style = document.createElement("style");
      style.textContent = model.get("_css") ?? "";
      document.head.append(style);
      const address = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
      const module = await import(address);
      URL.revokeObjectURL(address);
      let component = module.default ?? module;
      if (typeof component === "function") component = await component();
      const element = document.createElement("div");
      const stop = new AbortController();
      await component.initialize?.({ model, signal: stop.signal });
      page.append(element);
      await component.render?.({ model, el: element, signal: stop.signal });
    }
    if (!views.length) throw new Error("no view");
    notice.hidden = true;
  }

  // --- the life of the page -------------------------------------------------------------------

  /** What tells the server whose kernel this is; null where the browser keeps no cookies. */
  function cookie() {
    try {
      return document.cookie.match(/(?:^|; )_xsrf=([^;]*)/)?.[1] ?? null;
    } catch {
      return null; // forbidden altogether
    }
  }

  function leave() {
    if (ended || !settings.kernelId) return;
    ended = true;
    const form = new FormData();
    form.append("_xsrf", decodeURIComponent(cookie() ?? ""));
    navigator.sendBeacon(`${base}voila/api/shutdown/${settings.kernelId}`, form);
  }

  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  window.addEventListener("online", connect);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") connect();
  });

  if (document.querySelector("script.kesos-error")) say(words.failed);
  else if (cookie() === null) {
    ended = true; // a new page would be as unknown to the server as this one
    say(words.no_cookies);
  } else if (!settings.kernelId || !document.getElementById("kesos-end")) setTimeout(() => location.reload(), 3000);
  else {
    connect();
    setTimeout(() => {
      if (!models.size) say(words.slow);
    }, SLOW_AFTER);
  }
})();
