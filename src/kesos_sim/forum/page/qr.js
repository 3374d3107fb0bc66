/**
 * A QR code of a text (ISO/IEC 18004): bytes, error correction L, versions 1 to 20, so that a
 * package can be handed to the neighbour's phone without a server. The server's encoder cannot do
 * this: the code changes with every lever, also while the network is off and in the copy that has
 * no server at all.
 */

/** By version from 1: error correction codewords of a block, and blocks, at level L. */
const QR_CORRECTION = [
  7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
];
const QR_BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8];
const QR_MASK = 0;

/** Codewords of a version before they are divided. @param {number} version */
function qrCodewords(version) {
  let bits = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const alignments = Math.floor(version / 7) + 2;
    bits -= (25 * alignments - 10) * alignments - 55;
    if (version >= 7) bits -= 36;
  }
  return Math.floor(bits / 8);
}

/** Product in the field of 256 elements. @param {number} a @param {number} b */
function qrTimes(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

/** @param {number[]} data @param {number} degree @returns {number[]} */
function qrRemainder(data, degree) {
  const divisor = new Array(degree).fill(0);
  divisor[degree - 1] = 1;
  let root = 1;
  for (let step = 0; step < degree; step += 1) {
    for (let place = 0; place < degree; place += 1) {
      divisor[place] = qrTimes(divisor[place], root) ^ (divisor[place + 1] ?? 0);
    }
    root = qrTimes(root, 2);
  }
  const rest = new Array(degree).fill(0);
  for (const one of data) {
    const factor = one ^ rest.shift();
    rest.push(0);
    divisor.forEach((part, place) => (rest[place] ^= qrTimes(part, factor)));
  }
  return rest;
}

/** Data and correction in the order in which they are placed.
 *  @param {Uint8Array} bytes @param {number} version @returns {number[]} */
function qrStream(bytes, version) {
  const all = qrCodewords(version);
  const correction = QR_CORRECTION[version - 1];
  const blocks = QR_BLOCKS[version - 1];
  const room = all - correction * blocks;
  const bits = [0, 1, 0, 0];
  const put = (/** @type {number} */ value, /** @type {number} */ length) => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >>> bit) & 1);
  };
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, room * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const data = [];
  for (let at = 0; at < bits.length; at += 8)
    data.push(parseInt(bits.slice(at, at + 8).join(""), 2));
  for (let pad = 0xec; data.length < room; pad ^= 0xec ^ 0x11) data.push(pad);
  const shorter = blocks - (all % blocks);
  const length = Math.floor(all / blocks) - correction;
  const parts = [];
  for (let block = 0, from = 0; block < blocks; block += 1) {
    const size = length + (block < shorter ? 0 : 1);
    const part = data.slice(from, from + size);
    parts.push({ part, rest: qrRemainder(part, correction) });
    from += size;
  }
  const stream = [];
  for (let at = 0; at <= length; at += 1)
    for (const { part } of parts) if (at < part.length) stream.push(part[at]);
  for (let at = 0; at < correction; at += 1) for (const { rest } of parts) stream.push(rest[at]);
  return stream;
}

/** @param {number} version @returns {number[]} */
function qrAlignments(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const places = [];
  for (let at = version * 4 + 10; places.length < count - 1; at -= step) places.unshift(at);
  return [6, ...places];
}

/**
 * @param {string} text
 * @returns {boolean[][]|null} rows of modules, true is dark; null if the text is too long
 */
export function qrModules(text) {
  const bytes = new TextEncoder().encode(text);
  let version = 1;
  const capacity = (/** @type {number} */ of) =>
    qrCodewords(of) - QR_CORRECTION[of - 1] * QR_BLOCKS[of - 1] - (of < 10 ? 2 : 3);
  while (version <= QR_BLOCKS.length && capacity(version) < bytes.length) version += 1;
  if (version > QR_BLOCKS.length) return null;
  const size = version * 4 + 17;
  const dark = Array.from({ length: size }, () => new Array(size).fill(false));
  const fixed = Array.from({ length: size }, () => new Array(size).fill(false));
  const set = (/** @type {number} */ x, /** @type {number} */ y, /** @type {unknown} */ on) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    dark[y][x] = Boolean(on);
    fixed[y][x] = true;
  };
  for (let at = 0; at < size; at += 1) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  for (const [cx, cy] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ]) {
    for (let dy = -4; dy <= 4; dy += 1) {
      for (let dx = -4; dx <= 4; dx += 1) {
        const far = Math.max(Math.abs(dx), Math.abs(dy));
        set(cx + dx, cy + dy, far !== 2 && far !== 4);
      }
    }
  }
  const places = qrAlignments(version);
  const last = places.length - 1;
  places.forEach((cx, i) =>
    places.forEach((cy, j) => {
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
      for (let dy = -2; dy <= 2; dy += 1) {
        for (let dx = -2; dx <= 2; dx += 1)
          set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
      }
    }),
  );
  qrFormat(size, version, set);
  let bit = 0;
  const stream = qrStream(bytes, version);
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1) {
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
        if (fixed[y][x]) continue;
        const on = bit < stream.length * 8 && (stream[bit >>> 3] >>> (7 - (bit & 7))) & 1;
        dark[y][x] = Boolean(on) !== ((x + y) % 2 === 0);
        bit += 1;
      }
    }
  }
  return dark;
}

/** Format and version bits. @param {number} size @param {number} version
 *  @param {(x: number, y: number, on: unknown) => void} set */
function qrFormat(size, version, set) {
  const data = (1 << 3) | QR_MASK; // 1 is level L
  let rest = data;
  for (let step = 0; step < 10; step += 1) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const on = (/** @type {number} */ at) => (bits >>> at) & 1;
  for (let at = 0; at <= 5; at += 1) set(8, at, on(at));
  set(8, 7, on(6));
  set(8, 8, on(7));
  set(7, 8, on(8));
  for (let at = 9; at < 15; at += 1) set(14 - at, 8, on(at));
  for (let at = 0; at < 8; at += 1) set(size - 1 - at, 8, on(at));
  for (let at = 8; at < 15; at += 1) set(8, size - 15 + at, on(at));
  set(8, size - 8, true);
  if (version < 7) return;
  let remainder = version;
  for (let step = 0; step < 12; step += 1)
    remainder = (remainder << 1) ^ ((remainder >>> 11) * 0x1f25);
  const whole = (version << 12) | remainder;
  for (let at = 0; at < 18; at += 1) {
    const [a, b] = [size - 11 + (at % 3), Math.floor(at / 3)];
    set(a, b, (whole >>> at) & 1);
    set(b, a, (whole >>> at) & 1);
  }
}
