/**
 * One place where numbers, money, people, months and dates become words; the twin of
 * `kesos_sim.i18n.numbers`. Both meet every case of `tests/golden/number_cases.json`.
 *
 * Numbers are rounded as decimals, halves away from zero, from the shortest decimal that means
 * the number; binary rounding would write 1.005 as 1.00.
 */

/**
 * @typedef {{whole: bigint, exponent: number, negative: boolean}} Decimal
 *   value = (negative ? -1 : 1) * whole * 10 ** exponent
 * @typedef {Record<string, string> & {months: string[], weekdays: string[]}} FormatWords
 * @typedef {{decimals?: number, signed?: boolean}} NumberOptions
 * @typedef {{digits?: number|null, signed?: boolean, even?: boolean}} MoneyOptions
 *   `even` writes all digits before a scale word, for amounts that stand beside each other
 * @typedef {"number"|"percent"|"points"|"rupiah"|"people"} Kind
 */

export const EN_DASH = "\u2013";
export const MINUS = "\u2212";

const FORUM_DIGITS = 2;
const SCALES = [
  { zeros: 12, word: "trillion" },
  { zeros: 9, word: "billion" },
  { zeros: 6, word: "million" },
  { zeros: 3, word: "thousand" },
];
const SEPARATORS = { id: { group: ".", decimal: "," }, en: { group: ",", decimal: "." } };

/** @param {number} zeros @returns {bigint} */
function tenTo(zeros) {
  return 10n ** BigInt(zeros);
}

/** @param {number} value @returns {Decimal} */
function exactDecimal(value) {
  const [mantissa, power] = String(Math.abs(value)).split("e");
  const [whole, fraction = ""] = mantissa.split(".");
  return {
    whole: BigInt(whole + fraction),
    exponent: Number(power ?? 0) - fraction.length,
    negative: value < 0,
  };
}

/**
 * Round halves away from zero to a number of decimals, which may be below zero.
 * @param {Decimal} value @param {number} decimals @returns {Decimal}
 */
function roundedDecimal(value, decimals) {
  const drop = -decimals - value.exponent;
  if (drop <= 0) {
    return { ...value, whole: value.whole * tenTo(-drop), exponent: -decimals };
  }
  const unit = tenTo(drop);
  const whole = (value.whole + unit / 2n) / unit;
  return { whole, exponent: -decimals, negative: value.negative && whole > 0n };
}

/** Exponent of the first digit. @param {Decimal} value @returns {number} */
function leadingPlace(value) {
  return String(value.whole).length - 1 + value.exponent;
}

/** Whether |value| >= 10 ** zeros. @param {Decimal} value @param {number} zeros */
function reaches(value, zeros) {
  return value.whole > 0n && leadingPlace(value) >= zeros;
}

/**
 * Round to significant digits and divide by the largest scale that fits.
 * @param {Decimal} value @param {number} digits @returns {{amount: Decimal, word: string}}
 */
function scaledDecimal(value, digits) {
  if (value.whole === 0n) return { amount: value, word: "" };
  const rounded = roundedDecimal(value, digits - 1 - leadingPlace(value));
  for (const { zeros, word } of SCALES) {
    if (reaches(rounded, zeros)) {
      return { amount: { ...rounded, exponent: rounded.exponent - zeros }, word };
    }
  }
  return { amount: roundedDecimal(rounded, 0), word: "" };
}

/**
 * The functions that write numbers in one language.
 * @param {"id"|"en"} lang
 * @param {FormatWords} words scale words, units, names of months and days of that language
 */
export function numberWriter(lang, words) {
  const { group, decimal } = SEPARATORS[lang];

  /** @param {string} key @param {string} text */
  const put = (key, text) => words[key].replace("{number}", () => text);
  /** @param {unknown} value */
  const isMissing = (value) => value === null || value === undefined || Number.isNaN(value);
  /** @param {Decimal} value @param {boolean} signed */
  const sign = (value, signed) => {
    if (value.whole === 0n) return "";
    return value.negative ? MINUS : signed ? "+" : "";
  };

  /** @param {Decimal} value @param {number} decimals */
  function digitsOf(value, decimals) {
    const text = String(roundedDecimal(value, decimals).whole).padStart(decimals + 1, "0");
    const end = text.length - decimals;
    const whole = text.slice(0, end).replace(/\B(?=(\d{3})+$)/g, group);
    return decimals ? whole + decimal + text.slice(end) : whole;
  }

  /** As many decimals as it has, without idle zeros. @param {Decimal} value */
  function plain(value) {
    let { whole, exponent } = value;
    while (whole !== 0n && whole % 10n === 0n) {
      whole /= 10n;
      exponent += 1;
    }
    return digitsOf({ whole, exponent, negative: false }, Math.max(-exponent, 0));
  }

  /** @param {string} word */
  const scaleWord = (word) => (word ? " " + words[word] : "");

  /** @param {number|null|undefined} value @param {NumberOptions} [options] @returns {string} */
  function number(value, { decimals = 0, signed = false } = {}) {
    if (isMissing(value)) return words.missing;
    if (!Number.isFinite(value)) return (value < 0 ? MINUS : signed ? "+" : "") + "∞";
    const rounded = roundedDecimal(exactDecimal(value), decimals);
    return sign(rounded, signed) + digitsOf(rounded, decimals);
  }

  /** A value that is already in percent. @param {number|null|undefined} value
   *  @param {NumberOptions} [options] @returns {string} */
  function percent(value, { decimals = 1, signed = false } = {}) {
    const written = number(value, { decimals, signed });
    return isMissing(value) ? written : written + "%";
  }

  /** A difference of percentages. @param {number|null|undefined} value
   *  @param {NumberOptions} [options] @returns {string} */
  function points(value, { decimals = 1, signed = false } = {}) {
    if (isMissing(value)) return words.missing;
    const rounded = roundedDecimal(exactDecimal(value), decimals);
    const one = rounded.whole === tenTo(decimals);
    return put(one ? "point" : "points", number(value, { decimals, signed }));
  }

  /** Money in full, or with significant digits and a scale word.
   *  @param {number|null|undefined} value @param {MoneyOptions} [options] @returns {string} */
  function rupiah(value, { digits = null, signed = false, even = false } = {}) {
    if (isMissing(value)) return words.missing;
    const exact = exactDecimal(value);
    const { amount, word } =
      digits === null
        ? { amount: roundedDecimal(exact, 0), word: "" }
        : scaledDecimal(exact, digits);
    const places = Math.max((digits ?? 1) - 1 - leadingPlace(amount), 0);
    const written = even && word ? digitsOf(amount, places) : plain(amount);
    return `${sign(amount, signed)}Rp${written}${scaleWord(word)}`;
  }

  /** Persons as precisely as a model can know them.
   *  @param {number|null|undefined} value @returns {string} */
  function people(value) {
    if (isMissing(value)) return words.missing;
    if (value !== 0 && Math.abs(value) < 50) return words.few_people;
    const exact = exactDecimal(value);
    const size = { ...exact, negative: false };
    const hundreds = roundedDecimal(size, -2);
    if (!reaches(hundreds, 4)) return put("people", sign(exact, false) + plain(hundreds));
    const thousands = roundedDecimal(size, -3);
    const { amount, word } = scaledDecimal(reaches(thousands, 6) ? size : thousands, 3);
    return put("people", sign(exact, false) + plain(amount) + scaleWord(word));
  }

  /** A large number with a scale word.
   *  @param {number|null|undefined} value
   *  @param {{digits?: number, signed?: boolean}} [options] @returns {string} */
  function short(value, { digits = 3, signed = false } = {}) {
    if (isMissing(value)) return words.missing;
    const { amount, word } = scaledDecimal(exactDecimal(value), digits);
    return sign(amount, signed) + plain(amount) + scaleWord(word);
  }

  /** Take away the words that both ends of a range end with, if what is left is clear.
   *  @param {string} first @param {string} last */
  function withoutCommonEnd(first, last) {
    const some = first.split(" ");
    const others = last.split(" ");
    while (some.length > 1 && others.length > 1 && some.at(-1) === others.at(-1)) {
      some.pop();
      others.pop();
    }
    return some.length === others.length ? some.join(" ") : first;
  }

  /** A range; with a negative end in words, since a minus beside a dash is unreadable.
   *  @param {number|null|undefined} low @param {number|null|undefined} high
   *  @param {{kind?: Kind, decimals?: number, even?: boolean}} [options] @returns {string} */
  function interval(low, high, { kind = "percent", decimals = 1, even = false } = {}) {
    if (isMissing(low) || isMissing(high)) return words.missing;
    const writers = {
      number: (/** @type {number} */ value) => number(value, { decimals }),
      percent: (/** @type {number} */ value) => percent(value, { decimals }),
      points: (/** @type {number} */ value) => points(value, { decimals }),
      rupiah: (/** @type {number} */ value) => rupiah(value, { digits: FORUM_DIGITS, even }),
      people: (/** @type {number} */ value) => people(value),
    };
    let first = writers[kind](low);
    let last = writers[kind](high);
    if (first === last) return last;
    const negative = first.includes(MINUS) || last.includes(MINUS);
    if (kind === "percent") {
      first = first.replace(/%$/, "");
    } else if (kind === "points") {
      first = number(low, { decimals });
    } else if (kind === "rupiah" || kind === "people") {
      const whole = first;
      first = withoutCommonEnd(first, last);
      if (kind === "rupiah" && first !== whole && !negative) last = last.replace(/^Rp/, "");
    }
    if (negative) return `${first} ${words.to} ${last}`;
    return first.includes(" ") ? `${first} ${EN_DASH} ${last}` : first + EN_DASH + last;
  }

  /** @param {string} month for instance "2027-01" @returns {string} */
  function monthName(month) {
    const [year, of] = month.split("-").map(Number);
    return `${words.months[of - 1]} ${year}`;
  }

  /** @param {string} day for instance "2026-11-21" @param {{weekday?: boolean}} [options] */
  function date(day, { weekday = false } = {}) {
    const [year, month, of] = day.split("-").map(Number);
    const written = `${of} ${words.months[month - 1]} ${year}`;
    const name = words.weekdays[new Date(Date.UTC(year, month - 1, of)).getUTCDay()];
    return weekday ? `${name}, ${written}` : written;
  }

  /** @param {number} year @returns {string} */
  const fiscalYear = (year) => words.fiscal_year.replace("{year}", String(year));

  const grouped = new RegExp(`^-?[1-9]\\d{0,2}(\\${group}\\d{3})+(\\${decimal}\\d*)?$`);

  /** Read what a person typed: either decimal sign, thousands, a percent sign. Where a mark stands
   *  that belongs to neither, it is no number, rather than another one: "7..5" is not 75.
   *  @param {string} text @returns {number|null} null if it is no number */
  function parse(text) {
    const bare = text
      .trim()
      .replace(/^Rp\s*|\s*%$/gi, "")
      .replaceAll(MINUS, "-");
    // "7.5" typed on an Indonesian page means seven and a half: no three digits follow the point.
    const meant = /^-?(\d+[.,]\d{1,2}|0[.,]\d+)$/.test(bare)
      ? bare.replace(",", ".")
      : (grouped.test(bare) ? bare.replaceAll(group, "") : bare).replace(decimal, ".");
    return /^-?(\d+\.?\d*|\.\d+)$/.test(meant) ? Number(meant) : null;
  }

  return {
    lang,
    number,
    percent,
    points,
    rupiah,
    people,
    short,
    interval,
    monthName,
    date,
    fiscalYear,
    parse,
  };
}
