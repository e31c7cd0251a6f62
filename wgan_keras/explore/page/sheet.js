// The sheet of a model whose samples are pictures: a button for each.

import { download, paint, tiled } from "./pixels.js";
import { labelsOf, latentsOf, shows, vectors } from "./samples.js";
import { shown } from "./words.js";

const SAMPLES = 64;
const COLUMNS = 8;

export class Sheet {
  // `hold(index, name)` is called for the sample that is chosen; name is "a", "b" or null.
  constructor(element, hold) {
    this.element = element;
    this.tiles = Array.from({ length: SAMPLES }, (_, index) => newTile(index));
    element.append(...this.tiles);
    element.addEventListener("keydown", (event) => this.key(event, hold));
    element.addEventListener("click", (event) => {
      const index = this.tiles.indexOf(event.target.closest("button"));
      if (index >= 0) hold(index, null);
    });
  }

  set hidden(value) {
    this.element.hidden = value;
  }

  key(event, hold) {
    const at = this.tiles.indexOf(document.activeElement);
    const to = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - COLUMNS,
      ArrowDown: at + COLUMNS,
      Home: 0,
      End: SAMPLES - 1,
    };
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

  // Draws the samples of a view row by row, then their scores. Returns whether no later call came meanwhile.
  async draw(model, view) {
    const turn = (this.turn = {});
    const latents = latentsOf(model, view.seed);
    const labels = labelsOf(model, view.seed, view.label);
    const classes = vectors(model, labels);
    const rows = (array, i) => array?.slice((i * array.length) / SAMPLES, ((i + COLUMNS) * array.length) / SAMPLES);
    const pictures = new Float32Array(SAMPLES * model.size);
    this.element.ariaLabel = `Samples of seed ${view.seed}`;
    for (let i = 0; i < SAMPLES; i += COLUMNS) {
      const made = await model.samplesOf(rows(latents, i), rows(classes, i));
      if (turn !== this.turn) return false;
      pictures.set(made, i * model.size);
      for (let j = i; j < i + COLUMNS; j++) {
        paint(this.tiles[j].children[0], pictures.subarray(j * model.size, (j + 1) * model.size), model.shape);
        describe(this.tiles[j], j, labels && model.classes.names[labels[j]], null);
      }
      await new Promise(requestAnimationFrame);
    }
    const scores = await model.scores(pictures, classes);
    if (turn !== this.turn) return false;
    this.tiles.forEach((tile, j) => describe(tile, j, labels && model.classes.names[labels[j]], scores && scores[j]));
    return true;
  }

  // Marks the held ones.
  mark(model, view) {
    const there = ["a", "b"].filter((name) => shows(model, view, view.held[name]));
    this.tiles.forEach((tile, index) => {
      const names = there.filter((name) => view.held[name].index === index);
      tile.dataset.held = names.join(" ").toUpperCase();
    });
  }

  // One picture by itself.
  paint(canvas, picture, model) {
    paint(canvas, picture, model.shape);
  }

  words() {
    return "";
  }

  save(name) {
    download(
      tiled(
        this.tiles.map((tile) => tile.children[0]),
        COLUMNS,
      ),
      name,
    );
  }
}

function newTile(index) {
  const button = document.createElement("button");
  button.append(document.createElement("canvas"), document.createElement("span"));
  button.tabIndex = index ? -1 : 0; // Tab goes to the sheet, the arrows inside of it
  return button;
}

function describe(tile, index, name, score) {
  const words = [`Sample ${index + 1}`];
  if (name) words.push(name);
  if (score !== null) words.push(`critic’s score ${shown(score)}`);
  tile.ariaLabel = words.join(", ");
  tile.title = name ?? "";
  tile.children[1].textContent = shown(score);
}
