// The buttons that choose one class for the whole sheet.

const bar = document.getElementById("classes");

// Offers what a model has; `choose(label)` is called with a number, or null for all classes.
export function offerClasses(model, choose) {
  bar.hidden = !model.classes;
  const choices = model.classes ? [["All", null], ...model.classes.names.map((name, label) => [name, label])] : [];
  bar.replaceChildren(
    ...choices.map(([name, label]) => {
      const button = Object.assign(document.createElement("button"), { textContent: name, value: label ?? "" });
      button.addEventListener("click", () => choose(label));
      return button;
    }),
  );
}

export function markClass(label) {
  for (const button of bar.children) button.ariaPressed = String(button.value === String(label ?? ""));
}
