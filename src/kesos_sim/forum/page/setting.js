/** Settings of the levers in words, as `lever_words.py` writes them in documents. */

/** Decimals that a share may need. */
const MOST_SHARE_DECIMALS = 2;

/**
 * @param {any} texts of `setting_texts` @param {any} numbers
 * @returns {(name: string, value: number) => string} as it stands inside a sentence
 */
export function settingWriter({ say, has }, numbers) {
  return (name, value) => {
    if (has(`step_${name}_${Math.round(value)}`)) return say(`step_${name}_${Math.round(value)}`);
    if (name === "political_dialogue") return say("lever_times", { count: numbers.number(value) });
    if (name === "social_marketing") return say("lever_campaign", { money: numbers.rupiah(value) });
    const percent = 100 * value;
    let decimals = 0;
    while (
      decimals < MOST_SHARE_DECIMALS &&
      Math.abs(Number(percent.toFixed(decimals)) - percent) > 1e-9
    ) {
      decimals += 1;
    }
    return numbers.percent(percent, { decimals });
  };
}

/** A name inside a sentence. @param {string} words */
export const lowered = (words) => words.charAt(0).toLowerCase() + words.slice(1);

/** Words at the beginning of a line or on a button. @param {string} words */
export const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);
