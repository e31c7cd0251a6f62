// The view as the part of the address behind "#", which reproduces it.

export const FARTHEST = 6; // steps along an axis
const LARGEST_SEED = 2 ** 32 - 1;

// Where a model is seen first.
export function usual(model) {
  const hold = (index) => ({ seed: 0, index, label: null, offsets: {} });
  const axes = model.directions.length > 1 ? ["d1", "d2"] : ["z1", model.latentDim > 1 ? "z2" : "z1"];
  return { seed: 0, label: null, held: { a: hold(0), b: hold(1) }, active: "a", axes, position: 0.5 };
}

const numbered = ({ seed, index, label }) => [seed, index, ...(label === null ? [] : [label])].join(".");
const spelled = (held) =>
  [numbered(held), ...Object.entries(held.offsets).map(([axis, steps]) => `${axis}:${steps}`)].join("~");

export function toHash(model, view) {
  const parts = { model: model.directory, seed: view.seed };
  if (view.label !== null) parts.class = view.label;
  for (const name of ["a", "b"]) parts[name] = spelled(view.held[name]);
  [parts.x, parts.y] = view.axes;
  Object.assign(parts, { on: view.active, t: view.position });
  return (
    "#" +
    Object.entries(parts)
      .map(([key, value]) => `${key}=${value}`)
      .join("&")
  );
}

export const parts = (hash) => new URLSearchParams(hash.replace(/^#/, ""));

// The view that a link asks of a model, or an Error that says what of it does not fit.
export function fromHash(hash, model) {
  const given = parts(hash);
  const view = usual(model);
  const read = (key, parse, put) => given.has(key) && put(parse(given.get(key), key, model));
  read("seed", seed, (value) => (view.seed = value));
  read("class", label, (value) => (view.label = value));
  for (const name of ["a", "b"]) read(name, held, (value) => (view.held[name] = value));
  read("x", axis, (value) => (view.axes[0] = value));
  read("y", axis, (value) => (view.axes[1] = value));
  read("on", active, (value) => (view.active = value));
  read(
    "t",
    (text, key) => number(text, key, 0, 1),
    (value) => (view.position = value),
  );
  return view;
}

function refuse(key, text) {
  throw new Error(`The link has ${key}=${text}, which this model does not have; the usual view is shown.`);
}

function number(text, key, least, most) {
  const value = Number(text);
  return text.trim() !== "" && value >= least && value <= most ? value : refuse(key, text);
}

function whole(text, key, least, most) {
  const value = number(text, key, least, most);
  return Number.isInteger(value) ? value : refuse(key, text);
}

const seed = (text, key) => whole(text, key, 0, LARGEST_SEED);
const label = (text, key, model) => whole(text, key, 0, (model.classes?.names.length ?? 0) - 1);
const active = (text, key) => (["a", "b"].includes(text) ? text : refuse(key, text));

function axis(text, key, model) {
  const [, kind, digits] = /^([dz])(\d+)$/.exec(text) ?? refuse(key, text);
  whole(digits, key, 1, kind === "d" ? model.directions.length : model.latentDim);
  return text;
}

function held(text, key, model) {
  const [first, ...moves] = text.split("~");
  const [seedText, indexText = "", labelText] = first.split(".");
  const offsets = Object.fromEntries(
    moves.map((move) => {
      const [name, steps = ""] = move.split(":");
      return [axis(name, key, model), number(steps, key, -FARTHEST, FARTHEST)];
    }),
  );
  return {
    seed: seed(seedText, key),
    index: whole(indexText, key, 0, model.samples - 1),
    label: labelText === undefined ? null : label(labelText, key, model),
    offsets,
  };
}
