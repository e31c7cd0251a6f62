// Numbers as the page writes them.

export const signed = (text) => text.replace(/^-/, "−");

// Those lines that say something.
export const lines = (...texts) => texts.filter(Boolean).join("\n");

// A coordinate with two decimals, which are never those of minus zero.
export const coordinate = (x) => signed((Math.round(100 * x) / 100 || 0).toFixed(2));

// A score in three digits; "" where there is none.
export function shown(score) {
  if (score === null) return "";
  return signed(Math.abs(score) < 100 ? score.toPrecision(3) : score.toFixed(0));
}
