// The sheet of a model whose samples are points in the plane.

import { download } from "./pixels.js";
import { labelsOf, latentsOf, shows, vectors } from "./samples.js";
import { coordinate } from "./words.js";

const SIDE = 720; // pixels of a canvas, more than it has on the screen
const MARGIN = 1.1;
const KEYS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export class Cloud {
  // As `Sheet`; `say(words)` tells where the keyboard is.
  constructor(canvas, hold, say) {
    Object.assign(this, { canvas, hold, say, at: 0, points: [], ranks: null, held: {} });
    canvas.addEventListener("click", (event) => {
      this.at = this.nearest(event.offsetX / canvas.clientWidth, event.offsetY / canvas.clientHeight);
      hold(this.at, null);
    });
    for (const change of ["focus", "blur"]) canvas.addEventListener(change, () => this.repaint());
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  set hidden(value) {
    this.canvas.hidden = value;
  }

  key(event) {
    const letter = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in KEYS) {
      this.at = (this.at + KEYS[event.key] + this.points.length) % this.points.length;
      this.say(`Sample ${this.at + 1}, ${this.words(this.points[this.at])}`);
      this.repaint();
    } else if (["enter", " ", "a", "b"].includes(letter)) this.hold(this.at, "ab".includes(letter) ? letter : null);
    else return;
    event.preventDefault();
  }

  // Draws the points of a view. Returns whether no later call came meanwhile.
  async draw(model, view) {
    const turn = (this.turn = {});
    const labels = vectors(model, labelsOf(model, view.seed, view.label));
    const made = await model.samplesOf(latentsOf(model, view.seed), labels);
    const scores = await model.scores(made, labels);
    if (turn !== this.turn) return false;
    this.points = Array.from({ length: model.samples }, (_, i) => [made[2 * i], made[2 * i + 1]]);
    this.reach = MARGIN * made.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    this.ranks = scores && ranks(scores);
    this.canvas.ariaLabel = `${model.samples} points of seed ${view.seed}; the arrow keys choose one, Enter holds it`;
    this.repaint();
    return true;
  }

  // Marks the held ones.
  mark(model, view) {
    this.held = {};
    for (const name of ["a", "b"]) if (shows(model, view, view.held[name])) this.held[name] = view.held[name].index;
    this.repaint();
  }

  repaint() {
    if (!this.points.length) return;
    const context = this.blank(this.canvas);
    const colors = this.ranks?.map((rank) => this.shade(rank)) ?? this.points.map(() => this.color("--ink"));
    this.points.forEach((point, i) => this.dot(context, point, 4, colors[i]));
    for (const [name, index] of Object.entries(this.held)) this.letter(context, this.points[index], name.toUpperCase());
    if (document.activeElement === this.canvas) this.ring(context, this.points[this.at]);
  }

  // One point before all others.
  paint(canvas, point) {
    const context = this.blank(canvas);
    for (const each of this.points) this.dot(context, each, 4, this.color("--line"));
    this.dot(context, point, 18, this.color("--accent"));
  }

  words([x, y]) {
    return `at (${[x, y].map(coordinate).join(", ")})`;
  }

  save(name) {
    download(this.canvas, name);
  }

  blank(canvas) {
    canvas.width = canvas.height = SIDE;
    return canvas.getContext("2d");
  }

  place([x, y]) {
    return [(0.5 + (0.5 * x) / this.reach) * SIDE, (0.5 - (0.5 * y) / this.reach) * SIDE];
  }

  nearest(x, y) {
    const distances = this.points.map((point) => {
      const [left, top] = this.place(point);
      return Math.hypot(left / SIDE - x, top / SIDE - y);
    });
    return distances.indexOf(Math.min(...distances));
  }

  dot(context, point, radius, color) {
    context.fillStyle = color;
    context.beginPath();
    context.arc(...this.place(point), radius, 0, 2 * Math.PI);
    context.fill();
  }

  ring(context, point) {
    context.lineWidth = 3;
    context.strokeStyle = this.color("--ink");
    context.beginPath();
    context.arc(...this.place(point), 12, 0, 2 * Math.PI);
    context.stroke();
  }

  letter(context, point, name) {
    this.dot(context, point, 17, this.color("--accent"));
    context.fillStyle = this.color("--ground");
    context.font = "600 22px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(name, ...this.place(point));
  }

  color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name);
  }

  // From the lowest score, 0, to the highest, 1.
  shade(rank) {
    return `color-mix(in oklab, ${this.color("--low")}, ${this.color("--high")} ${Math.round(100 * rank)}%)`;
  }
}

// Where each score stands among all, from 0 to 1.
function ranks(scores) {
  const order = Array.from(scores.keys()).sort((i, j) => scores[i] - scores[j]);
  const found = [];
  order.forEach((index, rank) => (found[index] = rank / (order.length - 1)));
  return found;
}
