// The page: what the parts show is the view, and each change of it goes through here.

import { Axes } from "./axes.js";
import { copy, drawCard } from "./card.js";
import { markClass, offerClasses } from "./classes.js";
import { Cloud } from "./cloud.js";
import { latest } from "./latest.js";
import { lerp, moved, walk } from "./latents.js";
import { fromHash, parts, toHash, usual } from "./link.js";
import { complain, say } from "./messages.js";
import { download } from "./pixels.js";
import { labelsOf, latentsOfOne, vectors } from "./samples.js";
import { Sheet } from "./sheet.js";
import { Slot, clipped } from "./slot.js";
import { lines, shown } from "./words.js";

const byId = (id) => document.getElementById(id);
const SECONDS = 4; // from A to B
const SIDE = 56; // pixels of a sample in the sheet at least

let networks, model, view, axes, showing;
let sheet; // of `sheets`, the one for the model
const sheets = {};
const slots = {};

// Where a held picture is: its latents, and the number of its class or null.
function place(model, { seed, index, label, offsets }) {
  const latents = moved(latentsOfOne(model, seed, index), offsets, model.directions);
  return { latents, label: model.classes ? (label ?? labelsOf(model, seed, null)[index]) : null };
}

async function made(model, latents, labels) {
  const sample = await model.samplesOf(latents, labels);
  const scores = await model.scores(sample, labels);
  return { sample, score: scores && scores[0] };
}

// Draws what `make(model)` gives by `show(model, ...)`, unless another model has come meanwhile.
const drawing = (make, show) =>
  latest(async () => {
    const of = model;
    const found = await make(of);
    if (of === model) show(of, found);
  });

const ofSlot = (name) =>
  drawing(
    async (model) => {
      const held = view.held[name];
      const { latents, label } = place(model, held);
      return { held, label, ...(await made(model, latents, vectors(model, [label]))) };
    },
    (model, found) => slots[name].draw(model, sheet, found),
  );

const draw = {
  a: ofSlot("a"),
  b: ofSlot("b"),
  between: drawing(
    (model) => {
      const t = view.position;
      const [a, b] = ["a", "b"].map((name) => place(model, view.held[name]));
      const labels = model.classes && lerp(vectors(model, [a.label]), vectors(model, [b.label]), t);
      return made(model, walk(model.prior)(a.latents, b.latents, t), labels);
    },
    (model, { sample, score }) => {
      sheet.paint(byId("between"), sample, model);
      byId("between-score").textContent = shown(score);
      byId("between-position").textContent = lines(
        `${Math.round(100 * view.position)}% of the way`,
        sheet.words(sample),
      );
    },
  ),
};

let waiting;
function remember() {
  clearTimeout(waiting);
  waiting = setTimeout(() => history.replaceState(null, "", toHash(model, view)), 150);
}

// After a change of the held pictures `names`.
function changed(...names) {
  for (const name of names) draw[name]();
  draw.between();
  axes.draw(view);
  sheet.mark(model, view);
  remember();
}

function hold(index, name) {
  name ??= view.active;
  view.held[name] = {
    seed: view.seed,
    index,
    label: labelsOf(model, view.seed, view.label)?.[index] ?? null,
    offsets: {},
  };
  changed(name);
  say(`Sample ${index + 1} is held as ${name.toUpperCase()}.`);
}

function move(name, steps) {
  const { offsets } = view.held[name];
  view.axes.forEach((axis, i) => steps[i] && setSteps(offsets, axis, (offsets[axis] ?? 0) + steps[i]));
  changed(name);
}

function setSteps(offsets, axis, steps) {
  offsets[axis] = clipped(steps);
  if (!offsets[axis]) delete offsets[axis];
}

function activate(name) {
  view.active = name;
  for (const each of ["a", "b"]) slots[each].element.classList.toggle("active", each === name);
  axes.draw(view);
  remember();
}

async function drawSheet() {
  byId("seed").value = view.seed;
  markClass(view.label);
  sheet.mark(model, view);
  remember();
  if (!(await sheet.draw(model, view).catch(complain))) return;
  if (sheet === sheets.points) Object.values(draw).forEach((each) => each()); // they stand in the cloud, which is new
  say(`${model.samples} samples of seed ${view.seed} are drawn.`);
}

// The model that a link asks for, of those that there are.
function asked(models, hash) {
  const directory = parts(hash).get("model") ?? models[0].directory;
  const found = models.find((each) => each.directory === directory);
  if (found) return found;
  const complaint = `The link is to ${directory}, which is not on this page; ${models[0].name} is shown.`;
  return { ...models[0], complaint };
}

function meet(other) {
  axes.offer(other);
  for (const slot of Object.values(slots)) slot.classes(other);
  offerClasses(other, (label) => {
    view.label = label;
    drawSheet();
  });
  drawCard(other);
  const kind = other.shape.length === 3 ? "pictures" : "points";
  for (const [name, each] of Object.entries(sheets)) each.hidden = name !== kind;
  for (const each of document.querySelectorAll("[data-of]")) each.hidden = !other.scored || each.dataset.of !== kind;
  document.querySelector("main").dataset.kind = kind;
  document.title = `${other.name} · wgan_keras explorer`;
  const width = kind === "pictures" ? other.shape[1] : 1;
  const side = width * Math.ceil(SIDE / width); // a whole factor, so that pixels stay squares
  document.documentElement.style.setProperty("--side", `${side}px`);
}

function viewOf(other, hash, complaint) {
  try {
    if (complaint) throw new Error(complaint);
    return fromHash(hash, other);
  } catch (error) {
    complain(error);
    return usual(other);
  }
}

// Shows what the address asks for.
async function show(models) {
  clearTimeout(waiting);
  complain(null);
  const turn = (showing = {});
  const { hash } = location;
  const { name, directory, complaint } = asked(models, hash);
  byId("model").value = directory;
  let next = model;
  if (directory !== model?.directory) {
    say(`Loading ${name} …`);
    next = await networks.Model.open(directory);
    if (turn !== showing) return; // another was chosen meanwhile
    meet(next);
  }
  view = viewOf(next, hash, complaint);
  model = next;
  sheet = sheets[document.querySelector("main").dataset.kind];
  document.querySelector("main").hidden = false;
  byId("position").value = view.position;
  activate(view.active);
  drawSheet();
  changed("a", "b");
}

function play() {
  const button = byId("play");
  const start = performance.now() - view.position * SECONDS * 1000;
  const playing = button.ariaPressed !== "true";
  button.ariaPressed = String(playing);
  button.textContent = playing ? "Stop" : "Play";
  if (!playing) return remember();
  const frame = (now) => {
    if (button.ariaPressed !== "true") return;
    const t = ((now - start) / 1000 / SECONDS) % 2;
    view.position = Math.round(100 * Math.max(0, t < 1 ? t : 2 - t)) / 100; // there and back
    byId("position").value = view.position;
    draw.between();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function connect(models) {
  sheets.pictures = new Sheet(byId("tiles"), hold);
  sheets.points = new Cloud(byId("cloud"), hold, say);
  axes = new Axes({
    choose: (i, axis) => ((view.axes[i] = axis), changed()),
    set: (axis, steps) => (setSteps(view.held[view.active].offsets, axis, steps), changed(view.active)),
  });
  for (const name of ["a", "b"]) {
    slots[name] = new Slot(byId(`slot-${name}`), name, {
      activate: () => activate(name),
      move: (steps) => move(name, steps),
      reset: () => ((view.held[name].offsets = {}), changed(name)),
      label: (number) => ((view.held[name].label = number), changed(name)),
    });
  }
  byId("model").append(...models.map(({ name, directory }) => new Option(name, directory)));
  byId("model").addEventListener("change", (event) => (location.hash = `#model=${event.target.value}`));
  byId("seed").addEventListener("change", (event) => event.target.reportValidity() && seed(Number(event.target.value)));
  byId("random").addEventListener("click", () => seed(Math.floor(Math.random() * 1e6)));
  byId("save-sheet").addEventListener("click", () => sheet.save(`${model.directory}_seed${view.seed}.png`));
  byId("save-between").addEventListener("click", () => download(byId("between"), `${model.directory}_between.png`));
  byId("position").addEventListener("input", (event) => ((view.position = Number(event.target.value)), changed()));
  byId("play").addEventListener("click", play);
  byId("link").addEventListener("click", (event) =>
    copy(new URL(toHash(model, view), location.href).href, event.target),
  );
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => changed("a", "b"));
  addEventListener("hashchange", () => show(models).catch(fail));
}

function seed(number) {
  view.seed = number;
  drawSheet();
}

function fail(error) {
  say("");
  complain(error);
}

async function start() {
  if (typeof WebAssembly !== "object") {
    throw new Error(
      "This browser has no WebAssembly, which runs the networks; open the page in a current one, as Firefox or Chrome.",
    );
  }
  networks = await import("./networks.js");
  const models = await networks.fetched("models.json", "json");
  connect(models);
  await show(models);
}

start().catch(fail);
