/** A page that waits for a free place, and comes back by itself when there is one. */
(() => {
  "use strict";
  const look = async () => {
    try {
      const answer = await fetch("forum/alive", { cache: "no-store" });
      if (answer.ok && (await answer.json()).room) return location.replace("/");
    } catch { /* the server does not answer: ask again */ }
    setTimeout(look, 4000 + 4000 * Math.random());
  };
  setTimeout(look, 3000 + 4000 * Math.random());
})();
