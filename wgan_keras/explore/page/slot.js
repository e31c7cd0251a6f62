// One of the two held pictures: what is shown of it, and how it is dragged.

import { FARTHEST } from "./link.js";
import { download } from "./pixels.js";
import { lines, shown } from "./words.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const STEP = 0.2; // of an arrow key
const ACROSS = 8; // steps for a drag over the whole width of the picture

export class Slot {
  // `on.activate()`, `on.move([x, y])` by steps, `on.reset()`, `on.label(number)`.
  constructor(element, name, on) {
    element.append(document.getElementById("slot").content.cloneNode(true));
    this.element = element;
    this.name = name;
    this.find = (selector) => element.querySelector(selector);
    this.find("b").textContent = name.toUpperCase();
    const pad = this.find(".pad");
    pad.ariaLabel = `Picture ${name.toUpperCase()}; the arrow keys move it along the two chosen directions`;
    pad.addEventListener("focus", on.activate);
    pad.addEventListener("keydown", (event) => {
      if (!(event.key in ARROWS)) return;
      event.preventDefault();
      on.move(ARROWS[event.key].map((x) => STEP * x));
    });
    this.drag(pad, on);
    this.find(".reset").addEventListener("click", on.reset);
    this.find(".class").addEventListener("change", (event) => on.label(Number(event.target.value)));
    this.find(".save").addEventListener("click", () => download(this.canvas, `${this.file}.png`));
  }

  get canvas() {
    return this.find("canvas");
  }

  drag(pad, on) {
    let last = null; // of the first pointer; a second finger moves nothing
    pad.addEventListener("pointerdown", (event) => {
      if (last && last.pointer !== event.pointerId) return;
      last = { pointer: event.pointerId, x: event.clientX, y: event.clientY };
      pad.setPointerCapture(event.pointerId);
      pad.focus({ preventScroll: true });
    });
    pad.addEventListener("pointermove", (event) => {
      if (last?.pointer !== event.pointerId) return;
      const scale = ACROSS / pad.clientWidth;
      on.move([(event.clientX - last.x) * scale, (last.y - event.clientY) * scale]);
      last = { pointer: event.pointerId, x: event.clientX, y: event.clientY };
    });
    for (const end of ["pointerup", "pointercancel"]) {
      pad.addEventListener(end, (event) => last?.pointer === event.pointerId && (last = null));
    }
  }

  // What a model's classes are; none for a model without.
  classes(model) {
    const select = this.find(".class");
    select.hidden = !model.classes;
    select.ariaLabel = `Class of ${this.name.toUpperCase()}`;
    select.replaceChildren(...(model.classes?.names ?? []).map((name, number) => new Option(name, number)));
  }

  // Shows what is held, painted and described by the sheet that it comes from.
  draw(model, sheet, { held, sample, score, label }) {
    sheet.paint(this.canvas, sample, model);
    this.file = `${model.directory}_seed${held.seed}_sample${held.index + 1}`;
    this.find(".score").textContent = shown(score);
    this.find(".origin").textContent = lines(`seed ${held.seed}, sample ${held.index + 1}`, sheet.words(sample));
    this.find(".reset").disabled = !Object.keys(held.offsets).length;
    this.find(".class").value = label;
  }
}

// Steps along an axis after a move, within what the sliders show.
export const clipped = (steps) => Math.round(100 * Math.min(FARTHEST, Math.max(-FARTHEST, steps))) / 100;
