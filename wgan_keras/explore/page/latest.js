// Work that is asked for faster than it can be done.

import { complain } from "./messages.js";

let running = 0;

function count(change) {
  running += change;
  document.getElementById("held").ariaBusy = String(running > 0);
}

// `work` again and again as long as calls come in; of those that come while it is busy the last one counts.
export function latest(work) {
  let busy = false,
    again = false;
  return async () => {
    again = true;
    if (busy) return;
    busy = true;
    count(1);
    while (again) {
      again = false;
      await work().catch(complain);
      await new Promise(requestAnimationFrame);
    }
    busy = false;
    count(-1);
  };
}
