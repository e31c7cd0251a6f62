// What is known of a model: facts, commands, scores, figures, the recipe.

import { signed } from "./words.js";

const FIGURES = {
  "neighbors.png": [
    "Nearest training pictures",
    "Above ten samples, below each the training picture whose features are nearest.",
  ],
  "curves.png": ["Training", "The losses and scores over the generator’s iterations."],
};

// An element with attributes and children.
function make(tag, attributes = {}, ...children) {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
}

export function drawCard(model) {
  const { facts, commands, scores, figures, recipe } = model.card;
  const fill = (id, ...children) => document.getElementById(id).replaceChildren(...children.flat().filter(Boolean));
  fill("card-title", model.name);
  fill(
    "card-words",
    facts.length && make("dl", {}, ...facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    commands.map(command),
    recipe &&
      make("details", {}, make("summary", {}, "Recipe"), make("pre", { tabIndex: 0 }, JSON.stringify(recipe, null, 2))),
  );
  fill("card-scores", scores.map(table));
  fill(
    "card-figures",
    figures.map((file) => figure(model, file)),
  );
}

function command(text) {
  const button = make("button", { ariaLabel: `Copy: ${text}` }, "Copy");
  button.addEventListener("click", () => copy(text, button));
  return make("div", { className: "command" }, make("code", {}, text), button);
}

// Copies a text, and says so on the button for a moment.
export async function copy(text, button) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed";
  }
  setTimeout(() => (button.textContent = before), 1500);
}

function table({ protocol, rows }) {
  const heads = ["", "samples", "real data"].map((text) => make("th", { scope: "col" }, text));
  const body = rows.map(([name, value, real]) =>
    make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, signed(value)), make("td", {}, signed(real))),
  );
  return make(
    "div",
    { className: "table" },
    make(
      "table",
      {},
      make("caption", {}, protocol),
      make("thead", {}, make("tr", {}, ...heads)),
      make("tbody", {}, ...body),
    ),
  );
}

function figure(model, file) {
  const [title, words] = FIGURES[file];
  const image = make("img", { src: `${model.folder}${file}`, alt: `${title}. ${words}`, loading: "lazy" });
  return make(
    "figure",
    { className: "of-card" },
    make("figcaption", {}, make("b", {}, title), ` ${words}`),
    make("div", { tabIndex: 0 }, image),
  );
}
