// The sheet of samples of a seed.

import { SAMPLES } from "./link.js";
import { download, paint, tiled } from "./pixels.js";
import * as random from "./random.js";

export const COLUMNS = 8;

// The latents of sample `index` of a seed, as `sample(64, seed=seed)` draws them.
export function latentsOf(model, seed, index) {
  const all = drawn(model, seed);
  return all.subarray(index * model.latentDim, (index + 1) * model.latentDim);
}

const kept = { key: null, latents: null };

function drawn(model, seed) {
  const key = `${model.directory} ${seed}`;
  if (kept.key !== key) {
    Object.assign(kept, { key, latents: random.latents(model.prior, SAMPLES, model.latentDim, seed) });
  }
  return kept.latents;
}

// The class of each sample: `label`, or where that is null one as often as it came in training.
export function labelsOf(model, seed, label) {
  if (!model.classes) return null;
  return label === null ? random.labels(model.classes.counts, SAMPLES, seed) : Array(SAMPLES).fill(label);
}

// One array of one-hot vectors, or null for a model without classes.
export function vectors(model, labels) {
  if (!labels) return null;
  const width = model.classes.names.length;
  const found = new Float32Array(labels.length * width);
  labels.forEach((label, i) => (found[i * width + label] = 1));
  return found;
}

// A score in three digits, or nothing.
export function shown(score) {
  if (score === null) return "";
  const text = Math.abs(score) < 100 ? score.toPrecision(3) : score.toFixed(0);
  return text.replace("-", "−");
}

export class Sheet {
  // `hold(index, name)` is called for the sample that is chosen; name is "a", "b" or null.
  constructor(element, hold) {
    this.element = element;
    this.tiles = Array.from({ length: SAMPLES }, (_, index) => this.tile(index));
    element.append(...this.tiles);
    element.addEventListener("keydown", (event) => this.key(event, hold));
    element.addEventListener("click", (event) => {
      const index = this.tiles.indexOf(event.target.closest("button"));
      if (index >= 0) hold(index, null);
    });
  }

  tile(index) {
    const button = document.createElement("button");
    button.append(document.createElement("canvas"), document.createElement("span"));
    button.tabIndex = index ? -1 : 0; // Tab goes to the sheet, the arrows inside of it
    return button;
  }

  key(event, hold) {
    const at = this.tiles.indexOf(document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - COLUMNS, ArrowDown: at + COLUMNS, Home: 0, End: SAMPLES - 1 };
    const letter = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in to) this.focus(to[event.key]);
    else if (letter === "a" || letter === "b") hold(at, letter);
    else return;
    event.preventDefault();
  }

  focus(index) {
    if (!this.tiles[index]) return;
    this.tiles.forEach((tile, i) => (tile.tabIndex = i === index ? 0 : -1));
    this.tiles[index].focus();
  }

  // Draws the samples of a view row by row; a later call ends this one. Returns whether this one was the last.
  async draw(model, view) {
    const turn = (this.turn = {});
    const all = drawn(model, view.seed);
    const labels = labelsOf(model, view.seed, view.label);
    const of = labels && vectors(model, labels);
    const width = model.classes?.names.length;
    const pictures = new Float32Array(SAMPLES * model.size);
    for (let i = 0; i < SAMPLES; i += COLUMNS) {
      const rows = all.slice(i * model.latentDim, (i + COLUMNS) * model.latentDim);
      const made = await model.pictures(rows, of?.slice(i * width, (i + COLUMNS) * width));
      if (turn !== this.turn) return false;
      pictures.set(made, i * model.size);
      for (let j = i; j < i + COLUMNS; j++) this.paint(j, model, pictures, labels);
      await new Promise(requestAnimationFrame);
    }
    const scores = await model.scores(pictures, of);
    if (turn !== this.turn) return false;
    this.tiles.forEach((tile, i) => this.describe(tile, i, model, labels, scores));
    return true;
  }

  paint(index, model, pictures, labels) {
    const picture = pictures.subarray(index * model.size, (index + 1) * model.size);
    const [canvas] = this.tiles[index].children;
    paint(canvas, picture, model.shape);
    this.describe(this.tiles[index], index, model, labels, null);
  }

  describe(tile, index, model, labels, scores) {
    const words = [`Sample ${index + 1}`];
    if (labels) words.push(model.classes.names[labels[index]]);
    if (scores) words.push(`critic’s score ${shown(scores[index])}`);
    tile.ariaLabel = words.join(", ");
    tile.title = labels ? model.classes.names[labels[index]] : "";
    tile.children[1].textContent = shown(scores && scores[index]);
  }

  mark(view) {
    this.tiles.forEach((tile, index) => {
      const names = ["a", "b"].filter((name) => view.held[name].seed === view.seed && view.held[name].index === index);
      tile.dataset.held = names.join(" ").toUpperCase();
    });
  }

  save(name) {
    download(tiled(this.tiles.map((tile) => tile.children[0]), COLUMNS), name);
  }
}
