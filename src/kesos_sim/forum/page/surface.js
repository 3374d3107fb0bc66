// Answers of the fitted surface, in the browser. The same steps as kesos_sim/emulator/surface.py;
// a test holds that both give the same figures. No DOM, no network, nothing kept between answers.

const FORMAT = 1;
const HELD = [0.075, 0.5, 0.925]; // see HELD in kesos_sim/emulator/spread.py
const SEEN = 0.005; // points of the poverty rate that a table with two decimals shows
const FULL = 100;

function bytes(text) {
  const raw = atob(text);
  const found = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) found[i] = raw.charCodeAt(i);
  return new DataView(found.buffer);
}

// Tables by name: {shape, data}, whole numbers already times the scale of their row.
function unpack(packed) {
  const whole = bytes(packed.whole);
  const floats = bytes(packed.floats);
  const found = {};
  for (const [name, [shape, first, scale, row]] of Object.entries(packed.at)) {
    const size = shape.reduce((a, b) => a * b, 1);
    const data = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      data[i] =
        scale < 0
          ? floats.getFloat32(4 * (first + i), true)
          : whole.getInt16(2 * (first + i), true) *
            floats.getFloat32(4 * (scale + Math.floor(i / row)), true);
    }
    found[name] = { shape, data };
  }
  return found;
}

// A view of the last axes of a table.
function at(table, ...index) {
  let size = table.data.length;
  let start = 0;
  index.forEach((value, axis) => {
    size /= table.shape[axis];
    start += value * size;
  });
  return table.data.subarray(start, start + size);
}

function interpolate(x, xs, ys) {
  const last = xs.length - 1;
  if (x <= xs[0]) return ys[0];
  if (x >= xs[last]) return ys[last];
  let i = 1;
  while (xs[i] <= x) i++;
  return ((ys[i] - ys[i - 1]) / (xs[i] - xs[i - 1])) * (x - xs[i - 1]) + ys[i - 1];
}

// Adding zero makes a zero of minus zero, which would be written with a sign.
const clip = (value, low, high) => Math.min(Math.max(value, low), high) + 0;

const joined = (one, other, along) =>
  Math.sqrt(Math.max(one * one + other * other + 2 * along * one * other, 0));

function shareAbove(mean, deviation, steps) {
  if (deviation <= 0) return mean > SEEN ? 1 : 0;
  const parts = Array.from(steps, (_, i) => i / (steps.length - 1));
  return 1 - interpolate((SEEN - mean) / deviation, steps, parts);
}

class Surface {
  #curves;
  #tables;
  #pair;

  constructor(json) {
    this.places = json.places;
    this.years = json.years;
    this.headline = json.headline;
    this.levers = json.levers;
    this.shocks = json.shocks;
    this.outcomes = json.outcomes;
    this.made = json.made;
    this.errors = json.errors;
    this.money = json.money;
    this.#curves = json.curves;
    this.#tables = unpack(json.tables);
    const names = json.levers.map((lever) => lever.name);
    this.#pair = ["apbd_poverty_share", "apbn_poverty_share"].map((name) => names.indexOf(name));
  }

  // The first setting that was not sampled, or null.
  outside(levers) {
    for (const [lever, value] of Object.entries(levers)) {
      const known = this.levers.find((one) => one.name === lever);
      const { low, high } = known ?? { low: null, high: null };
      if (!known || !(typeof value === "number" && value >= low && value <= high))
        return { inside: false, lever, value, low, high };
    }
    return null;
  }

  answer({ levers, shock = "none", effect = true, place = this.places[0] }) {
    const struck = this.shocks.indexOf(shock);
    const where = this.places.indexOf(place);
    if (struck < 0) throw new Error("shock");
    if (where < 0) throw new Error("place");
    const refused = this.outside(levers);
    if (refused) return refused;
    const asked = { ...this.#terms(levers), struck, where, effect, kind: effect ? 0 : 1 };
    const outcomes = {};
    let worse = 0;
    this.outcomes.forEach((known, outcome) => {
      const { mean, deviation } = this.#change(outcome, asked);
      const steps = at(this.#tables.steps, asked.kind, outcome, Math.min(where, 1));
      outcomes[known.name] = this.#bands(outcome, known, mean, deviation, steps, asked);
      if (known.name === "poverty_rate")
        worse = shareAbove(mean[mean.length - 1], deviation[deviation.length - 1], steps);
    });
    return { inside: true, outcomes, worse };
  }

  // Percent of the people of each tenth, the poorest first, in five classes from much more to much
  // less, in the whole region without a shock; together 100.
  tenths({ levers, effect = true }) {
    const refused = this.outside(levers);
    if (refused) return refused;
    const { terms } = this.#terms(levers);
    const { tenth_left: lefts, tenth_right: rights } = this.#tables;
    const kind = effect ? 0 : 1;
    const [, flows, rank, count] = rights.shape;
    const tenths = Array.from({ length: count }, (_, tenth) => {
      const found = new Array(flows).fill(0);
      for (let flow = 0; flow < flows; flow++) {
        const [left, right] = [at(lefts, kind, flow), at(rights, kind, flow)];
        for (let r = 0; r < rank; r++)
          for (let t = 0; t < terms.length; t++)
            found[flow] += left[r * terms.length + t] * terms[t] * right[r * count + tenth];
      }
      return fiveClasses(...found);
    });
    return { inside: true, tenths };
  }

  cost({ levers, place = this.places[0] }) {
    const found = this.answer({ levers, place });
    if (!found.inside) return found;
    const [low, change, high] = found.outcomes.budget_spent.change.at(-1);
    return { change, low, high, ...this.money[place] };
  }

  // All terms of a package, the first curve of each lever, and the parts of the variance.
  #terms(levers) {
    const heights = this.#curves.map(([lever, knots, values]) => {
      const { name } = this.levers[lever];
      return name in levers ? interpolate(levers[name], knots, values) : 0;
    });
    const first = heights.slice(0, this.levers.length);
    const terms = [...heights];
    for (let i = 0; i < first.length; i++)
      for (let j = i + 1; j < first.length; j++) terms.push(first[i] * first[j]);
    const size = first.map(Math.abs);
    const parts = [...size.map((one) => one * one), ...size, size[this.#pair[0]] * size[this.#pair[1]]];
    return { terms, first, parts };
  }

  // Mean and standard deviation of a change, by year of the package.
  #change(outcome, { terms, first, parts, struck, where, effect, kind }) {
    const tables = this.#tables;
    const years = this.years.length - 1;
    const own = where * years;
    const mean = new Array(years).fill(0);
    const add = (left, right, felt, scale) => {
      const columns = scale.length;
      const rank = right.length / columns;
      for (let r = 0; r < rank; r++) {
        let height = 0;
        for (let t = 0; t < felt.length; t++) height += left[r * felt.length + t] * felt[t];
        if (height === 0) continue;
        for (let y = 0; y < years; y++)
          mean[y] += height * right[r * columns + own + y] * scale[own + y];
      }
    };
    add(
      at(tables.left, kind, outcome),
      at(tables.right, kind, outcome),
      terms,
      at(tables.scale, kind, outcome),
    );
    const weights = at(tables.parts, kind, outcome, Math.min(where, 1));
    let variance = 0;
    for (let i = 0; i < parts.length; i++) variance += weights[i] * parts[i];
    let wide = Math.sqrt(variance);
    if (struck) {
      // Without effect a shock has nothing to change in what rests on coordination.
      const felt = first.map((one, i) => (effect || !this.levers[i].rests ? one : 0));
      add(
        at(tables.shock_left, struck - 1, outcome),
        at(tables.shock_right, struck - 1, outcome),
        felt,
        at(tables.scale, 0, outcome),
      );
      wide *= at(tables.wider, struck - 1, outcome)[0];
    }
    const spread = at(tables.spread, kind, outcome);
    return { mean, deviation: mean.map((_, y) => wide * spread[own + y]) };
  }

  // Bands of baseline, package and change by year.
  #bands(outcome, known, mean, deviation, steps, { struck, where, kind }) {
    const tables = this.#tables;
    const most = known.unit === "percent" ? FULL : Infinity;
    const usual = at(tables.base, kind, outcome, where);
    const shift = struck ? at(tables.shift, struck - 1, outcome, where) : null;
    const along = at(tables.along, kind, outcome)[0];
    const count = this.years.length;
    const ascending = (values) => values.sort((a, b) => a - b);
    const found = { base: [], package: [], change: [] };
    for (let y = 0; y < count; y++) {
      if ("only" in known && known.only !== this.years[y]) {
        for (const list of Object.values(found)) list.push(null);
        continue;
      }
      const base = ascending(
        HELD.map((_, row) => usual[row * count + y] + (shift ? shift[row * count + y] : 0)),
      ).map((one) => clip(one, 0, most));
      const change = ascending(
        HELD.map((part) =>
          y === 0 ? 0 : mean[y - 1] + deviation[y - 1] * steps[Math.round(part * (steps.length - 1))],
        ),
      ).map((one) => clip(one, -base[2], most - base[0]));
      const middle = clip(base[1] + change[1], 0, most);
      // A median that the end of its scale has stopped stays inside of its band.
      change[1] = middle - base[1];
      change[0] = Math.min(change[0], change[1]);
      change[2] = Math.max(change[2], change[1]);
      found.base.push(base);
      found.change.push(change);
      found.package.push(
        [
          middle - joined(base[1] - base[0], change[1] - change[0], along),
          middle,
          middle + joined(base[2] - base[1], change[2] - change[1], along),
        ].map((one) => clip(one, 0, most)),
      );
    }
    return found;
  }
}

// The five classes of four flows that were fitted apart: none below 0, 100 in all.
export function fiveClasses(gaining, losing, much, muchLess) {
  const [up, down] = [gaining, losing].map((flow) => Math.max(flow, 0));
  const over = Math.max((up + down) / FULL, 1);
  const [more, less] = [up / over, down / over];
  const [most, least] = [clip(much, 0, more), clip(muchLess, 0, less)];
  return [most, more - most, Math.max(FULL - more - less, 0), less - least, least];
}

// Parsed JSON of a surface -> Surface; throws Error("format") when it is not one.
export function openSurface(json) {
  if (!json || json.format !== FORMAT) throw new Error("format");
  return new Surface(json);
}
