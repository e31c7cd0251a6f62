// The two directions along which the active picture moves: a choice and a slider each.

const NAMES = { d: "Direction", z: "Latent" };

export class Axes {
  // `on.choose(i, axis)` and `on.set(axis, steps)`; i is 0 for the horizontal one, 1 for the vertical one.
  constructor(on) {
    this.rows = ["x", "y"].map((letter, i) => {
      const row = Object.fromEntries(
        ["axis", "steps", "value"].map((id) => [id, document.getElementById(`${id}-${letter}`)]),
      );
      row.axis.addEventListener("change", () => on.choose(i, row.axis.value));
      row.steps.addEventListener("input", () => on.set(row.axis.value, Number(row.steps.value)));
      return row;
    });
  }

  // Offers what a model has.
  offer(model) {
    const groups = [
      ["Principal directions", "d", model.directions.length],
      ["Single latents", "z", model.latentDim],
    ];
    for (const { axis } of this.rows) {
      axis.replaceChildren(...groups.filter(([, , count]) => count).map((group) => options(...group)));
    }
  }

  draw(view) {
    const { offsets } = view.held[view.active];
    this.rows.forEach((row, i) => {
      const steps = offsets[view.axes[i]] ?? 0;
      row.axis.value = view.axes[i];
      row.steps.value = steps;
      row.value.textContent = steps.toFixed(1).replace("-", "−");
    });
    for (const each of document.querySelectorAll(".active-name")) each.textContent = view.active.toUpperCase();
  }
}

function options(title, kind, count) {
  const group = document.createElement("optgroup");
  group.label = title;
  group.append(...Array.from({ length: count }, (_, i) => new Option(`${NAMES[kind]} ${i + 1}`, `${kind}${i + 1}`)));
  return group;
}
