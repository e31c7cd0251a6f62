// The page: what the parts show is the view, and each change of it goes through here.

import { Axes } from "./axes.js";
import { copy, drawCard } from "./card.js";
import { lerp, moved, oneHot, walk } from "./latents.js";
import { fromHash, parts, toHash, usual } from "./link.js";
import { download, paint } from "./pixels.js";
import { Sheet, labelsOf, latentsOf, shown } from "./sheet.js";
import { Slot, clipped } from "./slot.js";

const byId = (id) => document.getElementById(id);
const SECONDS = 4; // from A to B

let networks, model, view, sheet, axes;
const slots = {};

function say(text) {
  byId("status").textContent = text;
}

function complain(error) {
  byId("alert").textContent = error ? error.message : "";
  byId("alert").hidden = !error;
}

// `work` again and again as long as calls come in; of those that come while it is busy the last one counts.
function latest(work) {
  let busy = false, again = false;
  return async () => {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      await work().catch(complain);
      await new Promise(requestAnimationFrame);
    }
    busy = false;
  };
}

// Where a held picture is: [latents, vector of its class or null].
function place({ seed, index, label, offsets }) {
  const z = moved(latentsOf(model, seed, index), offsets, model.directions);
  if (!model.classes) return [z, null];
  return [z, oneHot(label ?? labelsOf(model, seed, null)[index], model.classes.names.length)];
}

async function pictureAt([z, label]) {
  const picture = await model.pictures(z, label);
  const scores = await model.scores(picture, label);
  return [picture, scores && scores[0]];
}

const drawSlot = (name) => async () => {
  const held = view.held[name];
  const [picture, score] = await pictureAt(place(held));
  slots[name].draw(model, held, picture, score, view.active === name);
};

const draw = {
  a: latest(drawSlot("a")),
  b: latest(drawSlot("b")),
  between: latest(async () => {
    const [[z0, label0], [z1, label1]] = [place(view.held.a), place(view.held.b)];
    const t = view.position;
    const [picture, score] = await pictureAt([walk(model.prior)(z0, z1, t), label0 && lerp(label0, label1, t)]);
    paint(byId("between"), picture, model.shape);
    byId("between-score").textContent = score === null ? "" : shown(score);
  }),
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
  sheet.mark(view);
  remember();
}

function hold(index, name) {
  name ??= view.active;
  view.held[name] = { seed: view.seed, index, label: labelsOf(model, view.seed, view.label)?.[index] ?? null, offsets: {} };
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
  byId("tiles").ariaLabel = `Samples of seed ${view.seed}`;
  for (const button of byId("classes").children) button.ariaPressed = String(button.value === String(view.label ?? ""));
  sheet.mark(view);
  remember();
  if (await sheet.draw(model, view).catch(complain)) say(`64 samples of seed ${view.seed} are drawn.`);
}

function offerClasses() {
  const bar = byId("classes");
  bar.hidden = !model.classes;
  const choices = model.classes ? [["All", ""], ...model.classes.names.map((name, i) => [name, i])] : [];
  bar.replaceChildren(
    ...choices.map(([name, value]) => {
      const button = Object.assign(document.createElement("button"), { textContent: name, value });
      button.addEventListener("click", () => {
        view.label = value === "" ? null : value;
        drawSheet();
      });
      return button;
    }),
  );
}

// Shows what the address asks for, of the models that there are.
async function show(models) {
  complain(null);
  const asked = parts(location.hash).get("model");
  const found = models.find(({ directory }) => directory === asked) ?? models[0];
  const unknown = asked !== null && found.directory !== asked;
  if (found.directory !== model?.directory) {
    say(`Loading ${found.name} …`);
    byId("model").value = found.directory;
    model = await networks.Model.open(found.directory);
    axes.offer(model);
    for (const slot of Object.values(slots)) slot.classes(model);
    offerClasses();
    drawCard(model);
    byId("score-note").hidden = !model.scored;
    document.title = `${model.name} · wgan_keras explorer`;
    document.querySelector("main").style.setProperty("--side", `${model.shape[1] * Math.ceil(56 / model.shape[1])}px`);
  }
  try {
    if (unknown) throw new Error(`The link is to ${asked}, which is not on this page; ${found.name} is shown instead.`);
    view = fromHash(location.hash, model);
  } catch (error) {
    complain(error);
    view = usual(model);
  }
  document.querySelector("main").hidden = false;
  byId("position").value = view.position;
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
  sheet = new Sheet(byId("tiles"), hold);
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
  byId("model").addEventListener("change", (event) => (location.hash = `#model=${encodeURIComponent(event.target.value)}`));
  byId("seed").addEventListener("change", (event) => event.target.reportValidity() && seed(Number(event.target.value)));
  byId("random").addEventListener("click", () => seed(Math.floor(Math.random() * 1e6)));
  byId("save-sheet").addEventListener("click", () => sheet.save(`${model.directory}_seed${view.seed}.png`));
  byId("save-between").addEventListener("click", () => download(byId("between"), `${model.directory}_between.png`));
  byId("position").addEventListener("input", (event) => ((view.position = Number(event.target.value)), changed()));
  byId("play").addEventListener("click", play);
  byId("link").addEventListener("click", (event) => copy(new URL(toHash(model, view), location.href).href, event.target));
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
    throw new Error("This browser has no WebAssembly, which runs the networks; open the page in a current Firefox, Chrome, Edge or Safari.");
  }
  networks = await import("./networks.js");
  const models = await networks.fetched("models.json", "json");
  connect(models);
  await show(models);
}

start().catch(fail);
