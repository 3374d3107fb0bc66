/** The screens in their order, and where each phase of the meeting takes place. */

import { agreeScreen, takeScreen } from "./screens/agree.js";
import { compareScreen, shocksScreen } from "./screens/compare.js";
import { deliberateScreen } from "./screens/deliberate.js";
import { familyScreen } from "./screens/family.js";
import { guessScreen } from "./screens/guess.js";
import { leversScreen } from "./screens/levers.js";
import { aboutScreen, joinScreen, nowScreen } from "./screens/opening.js";
import { resultsScreen } from "./screens/results.js";
import { sourcesScreen } from "./screens/sources.js";

export const SCREENS = [
  { key: "join", phase: "opening", build: joinScreen },
  { key: "about", phase: "opening", build: aboutScreen },
  { key: "now", phase: "opening", build: nowScreen },
  { key: "family", phase: "family", build: familyScreen },
  { key: "guess", phase: "guess", build: guessScreen },
  { key: "levers", phase: "explore", build: leversScreen },
  { key: "sources", phase: "explore", build: sourcesScreen },
  { key: "results", phase: "explore", build: resultsScreen },
  { key: "compare", phase: "explore", build: compareScreen },
  { key: "shocks", phase: "shock", build: shocksScreen },
  { key: "deliberate", phase: "deliberate", build: deliberateScreen },
  { key: "agree", phase: "agree", build: agreeScreen },
  { key: "take", phase: "agree", build: takeScreen },
];
/** Where each phase of the meeting takes place. */
export const SCREEN_OF_PHASE = {
  opening: "join",
  family: "family",
  guess: "guess",
  explore: "levers",
  package: "sources",
  shock: "shocks",
  deliberate: "deliberate",
  agree: "agree",
  reflect: "take",
};
