// The samples of a seed before a network has made them: their latents and classes.

import * as random from "./random.js";

const kept = { key: null, latents: null };

// All latents of a seed, row after row, as `sample(samples, seed=seed)` draws them.
export function latentsOf(model, seed) {
  const key = `${model.directory} ${seed}`;
  if (kept.key !== key) {
    Object.assign(kept, { key, latents: random.latents(model.prior, model.samples, model.latentDim, seed) });
  }
  return kept.latents;
}

export function latentsOfOne(model, seed, index) {
  return latentsOf(model, seed).subarray(index * model.latentDim, (index + 1) * model.latentDim);
}

// The class of each sample: `label`, or where that is null one as often as it came in training. Null without classes.
export function labelsOf(model, seed, label) {
  if (!model.classes) return null;
  return label === null ? random.labels(model.classes.counts, model.samples, seed) : Array(model.samples).fill(label);
}

// Whether the sheet of a view shows a held sample, in the class in which it is held.
export function shows(model, view, held) {
  if (held.seed !== view.seed) return false;
  if (!model.classes) return true;
  const [there, own] = [view.label, held.label].map((label) => labelsOf(model, held.seed, label)[held.index]);
  return there === own;
}

// One array of one-hot vectors, or null for a model without classes.
export function vectors(model, labels) {
  if (!model.classes) return null;
  const width = model.classes.names.length;
  const found = new Float32Array(labels.length * width);
  labels.forEach((label, i) => (found[i * width + label] = 1));
  return found;
}
